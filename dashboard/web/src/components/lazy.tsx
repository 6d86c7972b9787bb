// A component in a file of its own, which is loaded when it is first shown.

import type { ComponentChildren, ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../texts/texts";
import { SkeletonRows } from "./parts";

// `waiting`: what stands in its place until it is there.
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  waiting: ComponentChildren = <SkeletonRows count={12} />,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazy(props: Props) {
    const [failed, setFailed] = useState(false);
    const [, setReady] = useState(loaded !== null);
    useEffect(() => {
      if (loaded) return;
      let gone = false;
      load().then(
        (component) => {
          loaded = component;
          if (!gone) setReady(true);
        },
        () => !gone && setFailed(true),
      );
      return () => {
        gone = true;
      };
    }, []);
    if (loaded) {
      const Loaded = loaded;
      return <Loaded {...props} />;
    }
    if (!failed) return <>{waiting}</>;
    // The server was replaced by a newer one, whose files have other names; or it is gone.
    return (
      <div class="empty" role="alert">
        <p>{t.lazy.failed}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t.lazy.reload}
        </button>
      </div>
    );
  };
}
