import { introspection, showDocs } from './docs.js';
import { examples } from './examples.js';
import { listen, request } from './transport.js';

const part = (id) => document.getElementById(id);
const [token, chosen, query, variables] = ['token', 'examples', 'query', 'variables'].map(part);
const [run, stop, response, status, docs, search] = ['run', 'stop', 'response', 'status', 'docs', 'search'].map(part);

let schema = null;
let end = null;

/** The token may come in the address behind `#token=`; it is taken out at once and kept for this tab only. */
function readToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) history.replaceState(null, '', location.pathname);
  token.value = given ?? sessionStorage.getItem('token') ?? '';
}

async function readSchema() {
  sessionStorage.setItem('token', token.value);
  if (token.value === '') return;
  const { data, errors } = await request(token.value, { query: introspection });
  if (errors) docs.textContent = errors[0].message;
  else {
    schema = data.__schema;
    showDocs(docs, schema, search.value);
  }
}

function showExample({ query: text, variables: values }) {
  query.value = text;
  variables.value = values ? JSON.stringify(values, null, 2) : '';
}

function start() {
  end?.();
  response.textContent = '';
  try {
    const body = { query: query.value, variables: variables.value.trim() === '' ? {} : JSON.parse(variables.value) };
    if (/^\s*subscription\b/m.test(query.value)) watch(body);
    else void ask(body);
  } catch (error) {
    status.textContent = `Variables: ${error.message}`;
  }
}

async function ask(body) {
  status.textContent = 'asking ...';
  const before = performance.now();
  try {
    response.textContent = JSON.stringify(await request(token.value, body), null, 2);
    status.textContent = `${Math.round(performance.now() - before)} ms`;
  } catch (error) {
    status.textContent = `the server does not answer (${error.message})`;
  }
}

function watch(body) {
  let count = 0;
  status.textContent = 'watching ...';
  stop.disabled = false;
  end = listen(token.value, body, {
    next: (answer) => {
      response.append(`${JSON.stringify(answer, null, 2)}\n`);
      response.scrollTop = response.scrollHeight;
      status.textContent = `watching, ${++count} received`;
    },
    end: (why) => {
      stop.disabled = true;
      end = null;
      status.textContent = `${count} received, ${why}`;
    },
  });
}

chosen.append(...examples.map(({ title }, i) => new Option(title, String(i))));
chosen.onchange = () => showExample(examples[Number(chosen.value)]);
run.onclick = start;
stop.onclick = () => end?.();
token.onchange = () => void readSchema();
search.oninput = () => schema && showDocs(docs, schema, search.value);
document.onkeydown = (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) start();
};

readToken();
showExample(examples[0]);
void readSchema();
