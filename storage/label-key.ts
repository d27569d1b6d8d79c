/** Labels that a sample can ever have: their keys are one range of the primary key, `sample key * 2^22 + n`. */
export const labelsPerSample = 4_194_304;

export const labelKey = (sampleKey: number, n: number): number => sampleKey * labelsPerSample + n;
export const sampleOfLabel = (key: number): number => Math.floor(key / labelsPerSample);

/** SQL for "the labels of this sample", as a range of the primary key. `sample` is a column or expression, not a parameter. */
export const labelsOf = (sample: string, label = 'l'): string =>
  `${label}.id >= ${sample} * ${labelsPerSample} AND ${label}.id < (${sample} + 1) * ${labelsPerSample}`;
