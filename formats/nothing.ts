/** A stream without anything in it, e.g. the frames of a dataset of images. */
export const nothing: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};
