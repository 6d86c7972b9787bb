// Who hears what others hear, as a square of shares. One stop of the tab key; arrow keys go from cell to cell.

import { useRef, useState } from "preact/hooks";
import { PageLink } from "../components/page_link";
import { cleanName, formatCount } from "../logic/format";
import type { OverlapCell } from "../logic/overlap";
import { formatShare } from "../logic/share";
import { t } from "../texts/texts";

// With more columns their names stand upright.
const kFlatNames = 5;

const kSteps: Record<string, [down: number, right: number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

function wordsOf(cell: OverlapCell): string {
  const texts = t.agentsPage.overlap;
  const [row, column, of] = [cleanName(cell.row), cleanName(cell.column), formatCount(cell.of)];
  return cell.row === cell.column ? texts.own(row, of) : texts.cell(row, column, formatCount(cell.both), of, formatShare(cell.both, cell.of));
}

export function Matrix({ cells }: { cells: OverlapCell[][] }) {
  const texts = t.agentsPage.overlap;
  const body = useRef<HTMLTableSectionElement>(null);
  const [place, setPlace] = useState<[number, number]>([0, 1]);
  const [told, setTold] = useState<[number, number] | null>(null);
  const size = cells.length;
  const bounded = (index: number) => Math.min(size - 1, Math.max(0, index));
  const at: [number, number] = [bounded(place[0]), bounded(place[1])];
  const toldCell = told && cells[told[0]]?.[told[1]];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = kSteps[event.key];
    if (!step || event.metaKey || event.ctrlKey || event.altKey || !(event.target instanceof HTMLElement) || event.target.tagName !== "TD") return;
    event.preventDefault();
    const next: [number, number] = [bounded(at[0] + step[0]), bounded(at[1] + step[1])];
    setPlace(next);
    body.current?.querySelector<HTMLElement>(`[data-cell="${next.join()}"]`)?.focus();
  };
  return (
    <>
      <div class="matrix-box">
        <table class={`matrix ${size > kFlatNames ? "upright" : ""}`} aria-label={texts.title}>
          <thead>
            <tr>
              <td />
              <th scope="col" class="number matrix-heard">
                {texts.heard}
              </th>
              {cells.map(([first]) => (
                <th key={first!.row} scope="col" title={cleanName(first!.row)}>
                  <span class="clip">
                    <bdi>{cleanName(first!.row)}</bdi>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={onKeyDown} onPointerLeave={() => setTold(null)}>
            {cells.map((row, i) => (
              <tr key={row[0]!.row}>
                <th scope="row">
                  <PageLink to={{ page: "agents", subject: row[0]!.row }} class="clip">
                    <bdi>{cleanName(row[0]!.row)}</bdi>
                  </PageLink>
                </th>
                <td class="number muted matrix-heard">{formatCount(row[0]!.of)}</td>
                {row.map((cell, j) => (
                  <td
                    key={cell.column}
                    data-cell={`${i},${j}`}
                    tabIndex={i === at[0] && j === at[1] ? 0 : -1}
                    class={`share ${i === j ? "own" : ""}`}
                    style={{ "--share": cell.of > 0 && i !== j ? (cell.both / cell.of).toFixed(3) : "0" }}
                    title={wordsOf(cell)}
                    onPointerEnter={() => setTold([i, j])}
                    onFocus={() => {
                      setPlace([i, j]);
                      setTold([i, j]);
                    }}
                    onBlur={() => setTold(null)}
                  >
                    {i === j ? "" : formatShare(cell.both, cell.of)}
                    {i === j && <span class="only-spoken">{wordsOf(cell)}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="lane-told" role="status">
        {toldCell ? <bdi>{wordsOf(toldCell)}</bdi> : <span class="faint">{texts.hint}</span>}
      </p>
    </>
  );
}
