/** The operations that the launcher and the demonstration send. */
export const queries = {
  importDataset: `mutation ($path: String!, $name: String) {
    importDataset(format: "fiftyone", path: $path, name: $name) { id }
  }`,
  operation: `query ($id: ID!) { operation(id: $id) { state result error { code message } } }`,
  operationEvents: `subscription ($id: ID!) { operationEvents(id: $id, after: 0) { number kind detail } }`,
  annotate: `mutation ($dataset: String!, $annoKey: String!, $labelSchema: JSON, $parameters: JSONObject) {
    annotate(dataset: $dataset, annoKey: $annoKey, backend: "folder", labelSchema: $labelSchema, parameters: $parameters) {
      id warnings { code message }
    }
  }`,
  runEvents: `subscription ($dataset: String!, $annoKey: String!, $after: SafeInt!) {
    runEvents(dataset: $dataset, annoKey: $annoKey, after: $after) { number kind detail }
  }`,
  load: `mutation ($dataset: String!, $annoKey: String!) {
    loadAnnotations(dataset: $dataset, annoKey: $annoKey) { id }
  }`,
  findings: `query ($operationId: ID!) {
    findings(first: 20, filter: { operationId: $operationId }) {
      edges { node { kind rule what attribute labelId ours theirs outcome } }
    }
  }`,
  editLabels: `mutation ($dataset: String!, $field: String!, $edits: [LabelEditInput!]!) {
    editLabels(dataset: $dataset, field: $field, edits: $edits) { edited }
  }`,
  datasets: `{ datasets(first: 1) { edges { node { name } } } }`,
} as const;
