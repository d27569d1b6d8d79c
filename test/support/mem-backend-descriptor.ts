import type { BackendDescriptor, Capabilities } from '../../backends/backend.js';
import { cvatDescriptor } from '../../backends/cvat/descriptor.js';
import { labelboxDescriptor } from '../../backends/labelbox/descriptor.js';
import { labelStudioDescriptor } from '../../backends/labelstudio/descriptor.js';
import { type Json, labelTypes, scalarTypes } from '../../domain/labels/index.js';

/** The capability sets that conformance vectors name. */
export type MemProfile = 'generic' | 'cvat' | 'labelstudio' | 'labelbox';

/** Single capabilities that a vector replaces, under the reference's names. */
const overridable: Readonly<Record<string, keyof Capabilities>> = {
  supports_keyframes: 'keyframes',
  supports_video_sample_fields: 'videoSampleFields',
  supports_clips_views: 'clips',
  requires_label_schema: 'requiresLabelSchema',
};

const generic: Pick<BackendDescriptor, 'capabilities' | 'recommendAttribute'> = {
  capabilities: {
    mediaTypes: ['image', 'video'],
    labelTypes,
    scalarTypes,
    attributeTypes: ['text', 'select', 'radio', 'checkbox'],
    attributeTypesWithValues: ['select', 'radio'],
    keyframes: true,
    clips: true,
    videoSampleFields: false,
    requiresLabelSchema: true,
    existingLabels: true,
    reviews: false,
    webhooks: false,
    tolerance: 0,
  },
  recommendAttribute: (_name: string, value: Json) => ({ type: typeof value === 'boolean' ? 'checkbox' : 'text' }),
};

const profiles: Readonly<Record<MemProfile, Pick<BackendDescriptor, 'capabilities' | 'recommendAttribute'>>> = {
  generic,
  cvat: cvatDescriptor,
  labelstudio: labelStudioDescriptor,
  labelbox: labelboxDescriptor,
};

/**
 * The in-memory backend that the conformance vectors were recorded with (`membackend.MemBackendConfig`): the
 * capabilities of a profile, its own parameters, no adapter.
 */
export function memBackendDescriptor(
  profile: MemProfile = 'generic',
  overrides: Readonly<Record<string, unknown>> = {},
): BackendDescriptor {
  const { capabilities, recommendAttribute } = profiles[profile];
  return {
    capabilities: { ...capabilities, existingLabels: true, ...overridden(overrides) },
    recommendAttribute,
    parameters: [
      { name: 'profile', description: 'Which capabilities to show.', default: 'generic', secret: false },
      { name: 'color', description: 'Means nothing.', default: null, secret: false },
      { name: 'token', description: 'Opens nothing.', default: null, secret: true },
    ],
    load: null,
  };
}

function overridden(overrides: Readonly<Record<string, unknown>>): Partial<Capabilities> {
  const entries = Object.entries(overrides).map(([name, value]) => {
    const capability = Object.hasOwn(overridable, name) ? overridable[name] : undefined;
    if (capability === undefined) throw new Error(`no capability is known by the name "${name}"`);
    return [capability, value] as const;
  });
  return Object.fromEntries(entries) as Partial<Capabilities>;
}
