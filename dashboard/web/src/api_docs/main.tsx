// /api/docs: the server's OpenAPI document as a page.
import "../trusted_types";
import "../styles/tokens.css";
import "../styles/base.css";
import "./docs.css";
import { render } from "preact";
import { type Answer, canTry, type OpenApi, type Operation, type Parameter, type Schema, schemaName, typeText } from "./document";

const kDocument = "/api/v1/openapi.json";

function TypeOf({ schema }: { schema: Schema | undefined }) {
  const ref = schema?.$ref ?? schema?.items?.$ref;
  const text = typeText(schema ?? {});
  return ref ? <a href={`#${schemaName(ref)}`}>{text}</a> : <span>{text}</span>;
}

function Row({ name, schema, required, text }: { name: string; schema: Schema | undefined; required: boolean; text: string | undefined }) {
  return (
    <tr>
      <td class="mono">
        {name}
        {required ? <b title="required"> *</b> : null}
      </td>
      <td class="mono">
        <TypeOf schema={schema} />
      </td>
      <td>{text}</td>
    </tr>
  );
}

function Parameters({ list }: { list: Parameter[] }) {
  return (
    <table>
      <tbody>
        {list.map((one) => (
          <Row key={one.name} name={one.name} schema={one.schema} required={one.required === true} text={one.description} />
        ))}
      </tbody>
    </table>
  );
}

function Members({ schema }: { schema: Schema }) {
  const members = Object.entries(schema.properties ?? schema.items?.properties ?? {});
  if (members.length === 0) return null;
  return (
    <table>
      <tbody>
        {members.map(([name, member]) => (
          <Row key={name} name={name} schema={member} required={false} text={member.description} />
        ))}
      </tbody>
    </table>
  );
}

function AnswerOf({ status, answer }: { status: string; answer: Answer }) {
  const [type, content] = Object.entries(answer.content ?? {})[0] ?? [];
  return (
    <div class="answer">
      <b class="mono">{status}</b> {answer.description} <span class="mono faint">{type}</span>{" "}
      {content?.schema?.$ref ? <TypeOf schema={content.schema} /> : null}
      {content?.schema && !content.schema.$ref ? <Members schema={content.schema} /> : null}
    </div>
  );
}

function OperationOf({ path, operation }: { path: string; operation: Operation }) {
  return (
    <details id={path}>
      <summary>
        <b class="mono">GET {path}</b> <span>{operation.summary}</span>
      </summary>
      {operation.description ? <p>{operation.description}</p> : null}
      {canTry(path, operation) ? (
        <p>
          <a href={path} target="_blank" rel="noreferrer">
            Try it
          </a>
        </p>
      ) : null}
      {operation.parameters?.length ? <Parameters list={operation.parameters} /> : null}
      {Object.entries(operation.responses).map(([status, answer]) => (
        <AnswerOf key={status} status={status} answer={answer} />
      ))}
    </details>
  );
}

function Docs({ document }: { document: OpenApi }) {
  return (
    <main class="docs">
      <h1>{document.info.title}: API</h1>
      <p>{document.info.description}</p>
      <p>
        <a href="/">To the mesh</a> · <a href={kDocument}>OpenAPI document</a>
      </p>
      {Object.entries(document.paths).map(([path, operations]) =>
        operations.get ? <OperationOf key={path} path={path} operation={operations.get} /> : null,
      )}
      <h2>Schemas</h2>
      {Object.entries(document.components.schemas).map(([name, schema]) => (
        <section key={name} id={name}>
          <h3 class="mono">{name}</h3>
          {schema.description ? <p>{schema.description}</p> : null}
          <Members schema={schema} />
        </section>
      ))}
    </main>
  );
}

async function start(root: HTMLElement) {
  document.documentElement.dataset["theme"] = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  const response = await fetch(kDocument);
  if (!response.ok) {
    render(<p>The server answered {response.status} instead of its API's description. Load this page again.</p>, root);
    return;
  }
  render(<Docs document={(await response.json()) as OpenApi} />, root);
}

const root = document.getElementById("docs");
if (!root) throw new Error("api-docs.html has no #docs");
void start(root);
