// The books of agents: every record that was captured is somewhere, and each place is named.

import type { Agent, Ledger } from "../api/types";

export interface Books extends Ledger {
  unexplained: number; // captured, and in no place of the books: there must be none
  surplus: number; // in more places than were captured: figures of slightly different moments
  lost: number; // dropped and unexplained
}

const kPlaces = ["delivered", "set_aside", "filtered", "waiting", "dropped"] as const;
const kFields = ["captured", "duplicate", ...kPlaces] as const;

// Of one agent. captured = the places + unexplained − surplus always holds.
export function booksOf(ledger: Ledger): Books {
  const difference = ledger.captured - kPlaces.reduce((sum, place) => sum + ledger[place], 0);
  const unexplained = Math.max(0, difference);
  return { ...ledger, unexplained, surplus: Math.max(0, -difference), lost: ledger.dropped + unexplained };
}

// Of all agents together: what is missing at one is not made up for by what another has too much.
export function sumOfBooks(books: Books[]): Books {
  const sum = (field: keyof Books) => books.reduce((total, each) => total + each[field], 0);
  const total = Object.fromEntries(kFields.map((field) => [field, sum(field)])) as unknown as Ledger;
  return { ...total, unexplained: sum("unexplained"), surplus: sum("surplus"), lost: sum("lost") };
}

// The agents that lost something, most first.
export function losers(agents: Agent[]): { id: string; dropped: number; unexplained: number }[] {
  return agents
    .map((agent) => ({ id: agent.id, ...booksOf(agent.ledger) }))
    .filter((agent) => agent.lost > 0)
    .sort((a, b) => b.lost - a.lost)
    .map(({ id, dropped, unexplained }) => ({ id, dropped, unexplained }));
}
