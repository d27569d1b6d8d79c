/**
 * Why something was not simply applied. The codes are stable and part of the API; the sentences are for people and may
 * improve.
 */
export const mergeRuleCodes = {
  ADDITIONS_NOT_ALLOWED: 'The label schema does not allow new labels in this field; the label stays out.',
  DELETIONS_NOT_ALLOWED: 'The label schema does not allow deletions in this field; the label stays.',
  LABEL_EDITS_NOT_ALLOWED: 'The label schema does not allow another class for existing labels; the class stays.',
  SPATIAL_EDITS_NOT_ALLOWED: 'The label schema does not allow other geometry for existing labels; it stays.',
  INDEX_EDITS_NOT_ALLOWED: 'The label schema does not allow other track numbers for existing labels; the number stays.',
  READ_ONLY_ATTRIBUTE: 'The attribute is read-only; its value stays, and on a new label it is left out.',
  SINGLE_FIELD_OCCUPIED: 'The field holds one label and has one already; the new label stays out.',
  CHANGED_ON_BOTH_SIDES: 'The dataset and the annotators changed the same thing differently.',
  DELETED_HERE_EDITED_THERE: 'The label was deleted in the dataset and edited by the annotators.',
  CHANGED_HERE_DELETED_THERE: 'The label was changed in the dataset and deleted by the annotators.',
  TRACKS_COLLAPSED:
    'Two labels of a frame came back in one track; as in FiftyOne, the later one replaced the earlier (only with `compatible`).',
  MANY_DELETIONS: 'More than half of the labels of the task would go; the deletion waits for a decision.',
  MALFORMED_ID: 'The id is not 24 lower-case hex digits; the label was not taken.',
  WRONG_SHAPE: 'The geometry is not what the class of the field needs; the label was not taken.',
  WRONG_SCALAR_TYPE: 'The value does not fit the type of the field; it was not taken.',
  UNEXPECTED_TYPE: 'The label schema does not ask for labels of this type in this field.',
} as const;

export type MergeRuleCode = keyof typeof mergeRuleCodes;
