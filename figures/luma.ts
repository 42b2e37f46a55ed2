/**
 * Colours as greys.
 * @module
 */

/** How bright red, green and blue are (ITU-R BT.709). */
export const LUMA = [0.2126, 0.7152, 0.0722] as const;
