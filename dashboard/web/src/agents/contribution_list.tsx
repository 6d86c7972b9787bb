// What each agent alone brings: what would vanish without it.

import { PageLink } from "../components/page_link";
import { cleanName, formatCount } from "../logic/format";
import type { Contribution } from "../logic/overlap";
import { formatShare } from "../logic/share";
import { t } from "../texts/texts";

const kShown = 40;

// All packets as a bar: those that it heard, and of these those that only it heard.
export function ContributionBar({ of }: { of: Contribution }) {
  const width = (part: number) => ({ width: `${of.all > 0 ? Math.min(100, (part / of.all) * 100).toFixed(2) : 0}%` });
  return (
    <span class="contribution-bar" aria-hidden="true">
      <i class="heard" style={width(of.heard)} />
      <i class="only" style={width(of.only)} />
    </span>
  );
}

export function ContributionList({ list }: { list: Contribution[] }) {
  const texts = t.agentsPage.contribution;
  return (
    <ul class="contributions">
      {list.slice(0, kShown).map((each) => (
        <li key={each.agent} data-agent={each.agent}>
          <PageLink to={{ page: "agents", subject: each.agent }} class="clip strong">
            <bdi>{cleanName(each.agent)}</bdi>
          </PageLink>
          <span class="number">{texts.without(formatShare(each.only, each.all))}</span>
          <ContributionBar of={each} />
          <span class="faint">{texts.numbers(formatCount(each.only), formatCount(each.all))}</span>
          <span class="faint number">{each.heard > 0 ? texts.ofOwn(formatShare(each.only, each.heard), formatCount(each.heard)) : texts.nothing}</span>
        </li>
      ))}
      {list.length > kShown && <li class="faint">{t.agentsPage.books.more(formatCount(list.length - kShown))}</li>}
    </ul>
  );
}
