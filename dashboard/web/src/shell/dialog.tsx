// A dialog over the page: the browser keeps the focus in it; Escape closes it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { dialog } from "../state/dialogs";

export function Modal({ label, class: name, children }: { label: string; class: string; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const close = () => (dialog.value = null);
  return (
    <dialog
      ref={element}
      class={`modal ${name}`}
      aria-label={label}
      onClose={close}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation(); // a drawer under it must stay open
        event.preventDefault();
        close(); // now: the browser would only tell later
      }}
      onClick={(event) => event.target === element.current && close()}
    >
      {children}
    </dialog>
  );
}
