import type { Json, JsonObject } from '../../domain/labels/index.js';
import type { DatasetHeader } from '../format.js';
import { isObject } from '../json/parse-json.js';
import { cocoIdOf } from './ids.js';

/** The classes of an export and their ids: those that the dataset came with keep theirs, new ones follow. */
export class Categories {
  private readonly documents: JsonObject[] = [];
  private readonly ids = new Map<string, number>();
  private largest = 0;

  constructor(private readonly header: DatasetHeader) {
    const info = header.document?.info;
    const listed = isObject(info) && Array.isArray(info.categories) ? info.categories : [];
    for (const category of listed) if (isObject(category)) this.keep(category);
    const classes = header.document?.default_classes;
    for (const name of Array.isArray(classes) ? classes : []) if (typeof name === 'string') this.idOf(name);
  }

  /** The id of a class; made on first use. */
  idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    this.largest += 1;
    this.ids.set(name, this.largest);
    this.documents.push({ id: this.largest, name, supercategory: '' });
    return this.largest;
  }

  /** The supercategory of a class, undefined where it has none. */
  supercategoryOf(name: string): Json | undefined {
    return this.documents.find((document) => document.name === name)?.supercategory;
  }

  /** Gives all classes the keypoint names and edges of a field that has a skeleton. */
  useSkeleton(field: string): void {
    const skeletons = this.header.document?.skeletons;
    const own = isObject(skeletons) ? skeletons[field] : null;
    const skeleton = own ?? this.header.document?.default_skeleton ?? null;
    if (!isObject(skeleton) || !Array.isArray(skeleton.labels)) return;
    for (const document of this.documents) {
      if (document.keypoints !== undefined) continue;
      document.keypoints = skeleton.labels;
      document.skeleton = Array.isArray(skeleton.edges) ? pairsOf(skeleton.edges) : [];
    }
  }

  list(): readonly JsonObject[] {
    return this.documents;
  }

  private keep(category: JsonObject): void {
    const id = cocoIdOf(category.id);
    if (typeof id !== 'number' || typeof category.name !== 'string' || this.ids.has(category.name)) return;
    this.ids.set(category.name, id);
    this.documents.push({ ...category });
    this.largest = Math.max(this.largest, id);
  }
}

/** Edges are chains of points counted from 0; COCO has pairs counted from 1. */
function pairsOf(edges: readonly Json[]): Json[] {
  return edges.flatMap((chain) => {
    const points = Array.isArray(chain) ? chain.map(Number) : [];
    return points.slice(1).map((point, i) => [(points[i] ?? 0) + 1, point + 1]);
  });
}
