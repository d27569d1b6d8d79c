import { applyEdit } from '../../config/index.js';
import type { Json } from '../../domain/labels/index.js';
import type { AnnotationContext } from '../context.js';
import { eventOf } from '../events.js';

/**
 * Edits the annotation config for all processes, until it is taken back. The event names the place, never the value.
 * Throws CONFIG_EDIT_INVALID.
 */
export async function setConfig(context: AnnotationContext, path: readonly string[], value: Json): Promise<void> {
  const { storage, author } = context;
  applyEdit(await context.config(), { path, value });
  await storage.transaction(async (tx) => {
    await storage.configEdits.set(tx, path, value, author);
    tx.emit(eventOf('CONFIG_CHANGED', { detail: { path: [...path] } }));
  });
}

/** Takes an edit of the annotation config back; nothing happens where there is none. */
export async function unsetConfig({ storage }: AnnotationContext, path: readonly string[]): Promise<void> {
  await storage.transaction(async (tx) => {
    await storage.configEdits.remove(tx, path);
    tx.emit(eventOf('CONFIG_CHANGED', { detail: { path: [...path] } }));
  });
}
