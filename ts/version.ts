/**
 * The package's version, recorded with results.
 * @module
 */

/** As in package.json. */
export const packageVersion = "0.1.0";
