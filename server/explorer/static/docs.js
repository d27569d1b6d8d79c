/** Lists the schema as the server itself describes it. Everything is shown as text, never as markup. */

export const introspection = `query Schema {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name description
      fields { name description args { ...Value } type { ...Ref } }
      inputFields { ...Value }
      enumValues { name description }
    }
  }
}
fragment Value on __InputValue { name description defaultValue type { ...Ref } }
fragment Ref on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** Shows types and fields whose names contain `wanted`; all where it is empty. */
export function showDocs(target, schema, wanted) {
  const roots = [schema.queryType, schema.mutationType, schema.subscriptionType].map((type) => type?.name);
  const shown = schema.types
    .filter(({ name }) => !name.startsWith('__'))
    .sort((a, b) => place(roots, a) - place(roots, b) || a.name.localeCompare(b.name))
    .map((type) => typeElement(type, wanted.toLowerCase()))
    .filter((element) => element !== null);
  target.replaceChildren(...shown);
}

const place = (roots, { name }) => (roots.includes(name) ? roots.indexOf(name) : roots.length);

function typeElement(type, wanted) {
  const members = type.fields ?? type.inputFields ?? type.enumValues ?? [];
  const typeMatches = type.name.toLowerCase().includes(wanted);
  const matching = typeMatches ? members : members.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (!typeMatches && matching.length === 0) return null;
  const details = element('details', element('summary', element('code', type.name)));
  if (type.description) details.append(element('p', type.description));
  details.append(element('dl', ...matching.flatMap(memberElements)));
  details.open = wanted !== '' && !typeMatches;
  return details;
}

const memberElements = (member) => [
  element('dt', element('code', signature(member))),
  element('dd', [member.description, ...(member.args ?? []).map(argumentLine)].filter(Boolean).join('\n')),
];

function signature({ name, args, type, defaultValue }) {
  const given = args?.length > 0 ? `(${args.map((arg) => arg.name).join(', ')})` : '';
  const preset = defaultValue === null || defaultValue === undefined ? '' : ` = ${defaultValue}`;
  return `${name}${given}${type ? `: ${typeText(type)}` : ''}${preset}`;
}

const argumentLine = (arg) => `· ${signature(arg)}${arg.description ? `: ${arg.description}` : ''}`;

function typeText({ kind, name, ofType }) {
  if (kind === 'NON_NULL') return `${typeText(ofType)}!`;
  return kind === 'LIST' ? `[${typeText(ofType)}]` : name;
}

function element(tag, ...content) {
  const made = document.createElement(tag);
  made.append(...content);
  return made;
}
