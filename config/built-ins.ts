import type { JsonObject } from '../domain/labels/index.js';

/** The backends of FiftyOne's own annotation config with what it presets for them. */
export const builtInDefaults: Readonly<Record<string, JsonObject>> = {
  cvat: { config_cls: 'fiftyone.utils.cvat.CVATBackendConfig', url: 'https://app.cvat.ai' },
  labelbox: { config_cls: 'fiftyone.utils.labelbox.LabelboxBackendConfig', url: 'https://labelbox.com' },
  labelstudio: { config_cls: 'fiftyone.utils.labelstudio.LabelStudioBackendConfig', url: 'https://labelstud.io' },
};

/** Backends that can always be named, whatever the annotation config lists. */
export const alwaysThere: readonly string[] = ['folder'];
