// Line icons on a grid of 16, drawn for this page.

const paths = {
  close: "M4 4l8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  sun: "M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3.05 3.05l1.1 1.1M11.85 11.85l1.1 1.1M3.05 12.95l1.1-1.1M11.85 4.15l1.1-1.1",
  moon: "M13.2 9.8A5.8 5.8 0 016.2 2.8a5.6 5.6 0 107 7z",
  half: "M8 2a6 6 0 100 12A6 6 0 008 2zM8 2v12",
  copy: "M5.5 5.5V3.2c0-.4.3-.7.7-.7h6.6c.4 0 .7.3.7.7v6.6c0 .4-.3.7-.7.7h-2.3M3.2 5.5h6.6c.4 0 .7.3.7.7v6.6c0 .4-.3.7-.7.7H3.2a.7.7 0 01-.7-.7V6.2c0-.4.3-.7.7-.7z",
  arrow: "M3 8h9.5M9 4.5L12.5 8 9 11.5",
  chevron: "M4 6.2L8 10l4-3.8",
  search: "M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.4 10.4L13.5 13.5",
  follow: "M8 4.2a3.8 3.8 0 100 7.6 3.8 3.8 0 000-7.6zM8 1.2v3M8 11.8v3M1.2 8h3M11.8 8h3",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

// The project's mark: three radios and the way between them.
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" class="mark">
      <path d="M4 18V7l8 7 8-7v11" fill="none" stroke="var(--accent)" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" />
      <circle cx="4" cy="6.5" r="2.3" fill="var(--text)" />
      <circle cx="20" cy="6.5" r="2.3" fill="var(--text)" />
      <circle cx="12" cy="14" r="2.3" fill="var(--good)" />
    </svg>
  );
}
