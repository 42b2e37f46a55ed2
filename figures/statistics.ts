/**
 * The few statistics that figures report.
 * @module
 */

export function mean(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which a share of the values lies, linear between neighbours. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	const place = share * (sorted.length - 1);
	const below = sorted[Math.floor(place)] as number;
	const above = sorted[Math.ceil(place)] as number;
	return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

function covariance(x: readonly number[], y: readonly number[]): number {
	const [centreX, centreY] = [mean(x), mean(y)];
	return mean(x.map((value, k) => (value - centreX) * ((y[k] as number) - centreY)));
}

/** Pearson's correlation. */
export function correlation(x: readonly number[], y: readonly number[]): number {
	return covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y));
}

/** Of the logarithms of positive values. */
export function logCorrelation(x: readonly number[], y: readonly number[]): number {
	return correlation(x.map(Math.log10), y.map(Math.log10));
}

/** Of the straight line through points that is nearest to them in y. */
export function slope(x: readonly number[], y: readonly number[]): number {
	return covariance(x, y) / covariance(x, x);
}

/** By what factor each of some positive values is larger, or smaller, than its partner: 1 or more. */
export function factorsApart(x: readonly number[], y: readonly number[]): number[] {
	return x.map((value, k) => Math.exp(Math.abs(Math.log(value / (y[k] as number)))));
}

/** Root mean square difference. */
export function rmse(x: readonly number[], y: readonly number[]): number {
	return Math.sqrt(mean(x.map((value, k) => (value - (y[k] as number)) ** 2)));
}

/** Of the mean of two or more values: their standard deviation over √count. */
export function standardError(values: readonly number[]): number {
	const centre = mean(values);
	const variance = mean(values.map((value) => (value - centre) ** 2));
	return Math.sqrt(variance / (values.length - 1));
}

/** Half the width of the 95 % confidence interval of the mean. */
export function confidence(values: readonly number[]): number {
	const centre = mean(values);
	return 1.96 * Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) / values.length);
}
