import { memo, type ReactNode } from "react";
import { cx } from "~/shared/format/text";
import { SHAPES, type IconName } from "./shapes";

export type { IconName };

/** The drawings, once in the page; `Icon` refers to them. */
export const Sprite = memo(function Sprite(): ReactNode {
  return (
    <svg width="0" height="0" aria-hidden="true" className="vh">
      {Object.entries(SHAPES).map(([name, path]) => (
        <symbol key={name} id={`i-${name}`} viewBox="0 0 16 16">
          <path d={path} />
        </symbol>
      ))}
    </svg>
  );
});

/** Always beside a word, or in a control that has a label of its own: read aloud it says nothing. */
export function Icon({
  name,
  small,
  className,
}: {
  name: IconName;
  small?: boolean;
  className?: string | undefined;
}): ReactNode {
  return (
    <svg className={cx("icon", small && "icon-sm", className)} aria-hidden="true" focusable="false">
      <use href={`#i-${name}`} />
    </svg>
  );
}
