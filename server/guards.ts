import {
  type ASTNode,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** What a query may ask for at most, over HTTP and over WebSocket alike. */
interface QueryLimits {
  /** Levels of fields inside one another. */
  readonly depth: number;
  /** Fields in all, fragments counted at each place where they are used. */
  readonly fields: number;
  /** Tokens of the query's text. */
  readonly tokens: number;
}

const defaultQueryLimits: QueryLimits = { depth: 15, fields: 1_000, tokens: 10_000 };

interface Measure {
  readonly depth: number;
  readonly fields: number;
}

const nothing: Measure = { depth: 0, fields: 0 };

/**
 * Refuses queries that are too deep or too large, before anything runs. Introspection is measured like the rest but may
 * be twice as deep, since the standard query of tools is.
 */
const sizeGuard =
  (limits: QueryLimits): ValidationRule =>
  (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const { depth, fields } = measureOf(context.getDocument(), limits)(operation.selectionSet);
      if (depth > limits.depth) context.reportError(tooLarge(`deeper than ${limits.depth} levels`, operation));
      if (fields > limits.fields) context.reportError(tooLarge(`larger than ${limits.fields} fields`, operation));
    },
  });

/** The rules that a query must pass over HTTP and over WebSocket, beside GraphQL's own. */
export const guards: readonly ValidationRule[] = [sizeGuard(defaultQueryLimits)];

export const parseLimits = { maxTokens: defaultQueryLimits.tokens };

/** Bytes of one request or message at most: a label schema or a page of edits is far smaller. */
export const largestMessage = 8 * 1024 * 1024;

const tooLarge = (what: string, node: ASTNode): GraphQLError =>
  new GraphQLError(`The query is ${what}. Ask for less at once.`, {
    nodes: node,
    extensions: { code: 'QUERY_TOO_LARGE' },
  });

/** Each fragment is measured once, so that fragments of fragments cost no more than their text. */
function measureOf(document: DocumentNode, limits: QueryLimits): (set: SelectionSetNode) => Measure {
  const fragments = new Map(document.definitions.filter(isFragment).map((node) => [node.name.value, node]));
  const known = new Map<string, Measure>();

  const ofFragment = (name: string): Measure => {
    const measured = known.get(name);
    if (measured) return measured;
    known.set(name, nothing); // a cycle is another rule's business
    const fragment = fragments.get(name);
    const measure = fragment ? ofSet(fragment.selectionSet) : nothing;
    known.set(name, measure);
    return measure;
  };

  const ofSet = (set: SelectionSetNode): Measure => {
    let depth = 0;
    let fields = 0;
    for (const selection of set.selections) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD ? ofFragment(selection.name.value) : inside(selection.selectionSet);
      const isField = selection.kind === Kind.FIELD;
      const introspects = isField && selection.name.value.startsWith('__');
      depth = Math.max(depth, introspects ? Math.ceil(inner.depth / 2) : inner.depth + (isField ? 1 : 0));
      fields = Math.min(limits.fields + 1, fields + inner.fields + (isField ? 1 : 0));
    }
    return { depth, fields };
  };

  const inside = (set: SelectionSetNode | undefined): Measure => (set ? ofSet(set) : nothing);
  return ofSet;
}

const isFragment = (node: DocumentNode['definitions'][number]): node is FragmentDefinitionNode =>
  node.kind === Kind.FRAGMENT_DEFINITION;
