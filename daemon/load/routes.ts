import type { LabelSchema } from '../../domain/label-schema/types.js';
import type { ReturnType as ReturnedType } from '../../domain/labels/index.js';
import { type Route, routeReturned } from '../../domain/merge/index.js';
import type { UnexpectedRule } from '../../domain/run/requests.js';

/** Routes of a load, by field and type, worked out once each. */
export class Routes {
  private readonly known = new Map<string, Route>();
  private closed = false;

  constructor(
    private readonly labelSchema: LabelSchema,
    private readonly unexpected: UnexpectedRule,
    private readonly gone: ReadonlySet<string> = new Set(),
  ) {}

  /** What should be kept is held from now on. */
  close(): void {
    this.closed = true;
    for (const [key, route] of this.known) if (route.kind === 'KEEP') this.known.set(key, { kind: 'HOLD' });
  }

  /** Whether a field of the run was deleted or renamed since: what comes back for it is held. */
  isGone = (field: string): boolean => this.gone.has(field);

  routeOf(field: string, type: ReturnedType): Route {
    const key = `${field}\n${type}`;
    let route = this.known.get(key);
    if (route === undefined) {
      route = routeReturned(this.labelSchema, field, type, this.unexpected);
      if (route.kind === 'KEEP' && this.closed) route = { kind: 'HOLD' };
      if (route.kind === 'EXPECTED' && this.gone.has(field)) route = { kind: 'HOLD' };
      this.known.set(key, route);
    }
    return route;
  }
}
