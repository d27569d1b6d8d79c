import { ViewInvalidError } from '../domain/errors/index.js';
import type { View } from '../domain/view/view.js';

type Check = (value: unknown, member: string) => void;

/** Throws VIEW_INVALID unless the value is a view: views come from clients and from files, as JSON. */
export function checkView(view: unknown): asserts view is View {
  members(viewMembers)(view, '');
}

const fail = (member: string, problem: string): never => {
  throw new ViewInvalidError(member, problem);
};

const text: Check = (value, member) => {
  if (typeof value !== 'string' || value === '') fail(member, 'expected is a text that is not empty');
};

const number: Check = (value, member) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) fail(member, 'expected is a number');
};

const count: Check = (value, member) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) fail(member, 'expected is a whole number from 0');
};

const flag: Check = (value, member) => {
  if (typeof value !== 'boolean') fail(member, 'expected is true or false');
};

const scalar: Check = (value, member) => {
  if (!['string', 'number', 'boolean'].includes(typeof value))
    fail(member, 'expected is a text, a number, true or false');
};

const hexId: Check = (value, member) => {
  if (typeof value !== 'string' || !/^[0-9a-f]{24}$/i.test(value)) fail(member, 'expected is an id of 24 hex digits');
};

const list =
  (check: Check): Check =>
  (value, member) => {
    if (!Array.isArray(value)) fail(member, 'expected is a list');
    for (const [i, item] of (value as unknown[]).entries()) check(item, `${member}[${i}]`);
  };

const oneOf =
  (...values: readonly string[]): Check =>
  (value, member) => {
    if (!values.includes(value as string)) fail(member, `expected is one of ${values.join(', ')}`);
  };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const members =
  (checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, member) => {
    if (!isObject(value)) return fail(member, 'expected is an object');
    for (const name of required) if (value[name] === undefined) fail(inside(member, name), 'it is missing');
    for (const [name, part] of Object.entries(value)) {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (check === undefined)
        fail(inside(member, name), `there is no such member; there is ${Object.keys(checks).join(', ')}`);
      else if (part !== undefined) check(part, inside(member, name));
    }
  };

const inside = (member: string, name: string): string => (member === '' ? name : `${member}.${name}`);

const labelFilter = members({
  ids: list(hexId),
  classes: list(text),
  tags: list(text),
  confidence: members({ atLeast: number, atMost: number }),
  attributes: (value, member) => {
    if (!isObject(value)) fail(member, 'expected is an object');
  },
});

const viewMembers: Readonly<Record<string, Check>> = {
  samples: list(hexId),
  tags: list(text),
  pathContains: text,
  where: list(members({ field: text, equals: scalar, exists: flag }, ['field'])),
  labels: list(members({ field: text, filter: labelFilter, onlyMatching: flag }, ['field', 'filter'])),
  slices: list(text),
  sort: members({ by: oneOf('ID', 'PATH'), descending: flag }, ['by']),
  skip: count,
  limit: count,
  patches: text,
  clips: text,
  frames: flag,
};
