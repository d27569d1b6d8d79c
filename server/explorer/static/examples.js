/** Queries to start from. */
export const examples = [
  {
    title: 'Datasets and their size',
    query: `{
  datasets {
    nodes { name mediaType sampleCount stats { labels estimatedLabelBytes fields { field type labels } } }
  }
}`,
  },
  {
    title: 'Samples with their labels',
    query: `query Samples($dataset: String!) {
  dataset(name: $dataset) {
    samples(first: 5) {
      nodes { id path width height labels { field frame labels { id label geometry attributes } value } }
      pageInfo { endCursor hasNextPage }
    }
  }
}`,
    variables: { dataset: 'sample' },
  },
  {
    title: 'What annotate would do',
    query: `query Plan($dataset: String!, $field: String!) {
  planAnnotation(dataset: $dataset, annoKey: "first_look", backend: "folder", labelField: $field) {
    tasks samples labels bytes labelSchema warnings { code message field }
  }
}`,
    variables: { dataset: 'sample', field: 'ground_truth' },
  },
  {
    title: 'Send a run out',
    query: `mutation Annotate($dataset: String!, $annoKey: String!, $field: String!) {
  annotate(dataset: $dataset, annoKey: $annoKey, backend: "folder", labelField: $field) {
    id state frozenAt labelSchema warnings { code message field }
  }
}`,
    variables: { dataset: 'sample', annoKey: 'first_look', field: 'ground_truth' },
  },
  {
    title: 'Watch a run live',
    query: `subscription Watch($dataset: String!, $annoKey: String!) {
  runEvents(dataset: $dataset, annoKey: $annoKey, after: 0) { number at kind detail }
}`,
    variables: { dataset: 'sample', annoKey: 'first_look' },
  },
  {
    title: 'Runs and their tasks',
    query: `{
  runs {
    nodes { annoKey dataset { name } backend state taskCount results { taskStates { state count } } error { code message } }
  }
}`,
  },
  {
    title: 'Load what came back',
    query: `mutation Load($dataset: String!, $annoKey: String!) {
  loadAnnotations(dataset: $dataset, annoKey: $annoKey) { id state }
}`,
    variables: { dataset: 'sample', annoKey: 'first_look' },
  },
  {
    title: 'What a load refused, and why',
    query: `query Findings($operation: ID!) {
  operation(id: $operation) { kind state result error { code message } }
  findingCounts(operationId: $operation) { kind rule count }
  findings(filter: { operationId: $operation }, first: 20) {
    nodes { kind rule field sampleId labelId what attribute ours theirs outcome }
  }
}`,
    variables: { operation: '1' },
  },
  {
    title: 'Backends',
    query:
      '{ backends { name isDefault available problem capabilities { labelTypes mediaTypes } parameters { name description default secret } } }',
  },
];
