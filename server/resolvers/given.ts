/** Members that are not null or undefined. */
export type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/**
 * What was given: GraphQL's null means "not given" to us, and our own values leave such members out. One level deep.
 */
export const given = <T extends object>(input: T): Given<T> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined)) as Given<T>;
