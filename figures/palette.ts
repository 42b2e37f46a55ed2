/**
 * The colours of pages and pictures.
 * @module
 */

/** By their names, in the light, in the dark and on paper; people of all kinds of sight tell the last four apart (Okabe & Ito 2008). */
export const palette = {
	light: {
		...{ paper: "#fdfdfb", ink: "#1c1d20", muted: "#6a6c70", grid: "#dcdcd6", sheet: "#ffffff" },
		...{ good: "#0072b2", middling: "#c98a00", bad: "#c44e00", accent: "#00795c" },
	},
	dark: {
		...{ paper: "#15171a", ink: "#e6e6e3", muted: "#9a9da3", grid: "#34383d", sheet: "#1b1e22" },
		...{ good: "#56b4e9", middling: "#f0c34a", bad: "#ff8a4c", accent: "#3ecf9f" },
	},
	print: {
		...{ paper: "#fff", ink: "#000", muted: "#444", grid: "#ccc", sheet: "#fff" },
		...{ good: "#0072b2", middling: "#b07800", bad: "#b84300", accent: "#00664d" },
	},
} as const;

export type ColourName = keyof typeof palette.light;

/** A colour as the place of a picture sets it, or in the light. */
export const colour = (name: ColourName) => `var(--${name}, ${palette.light[name]})`;

/** The variables that set all colours, in CSS. */
export const variables = (colours: Readonly<Record<ColourName, string>>) =>
	Object.entries(colours)
		.map(([name, value]) => `--${name}: ${value};`)
		.join(" ");
