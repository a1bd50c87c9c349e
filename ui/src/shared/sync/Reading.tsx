import { useState, type ReactNode } from "react";
import type { ReadingView } from "~/shared/backend";
import { counted, figure, leftText } from "~/shared/format/numbers";
import { Progress } from "~/shared/ui/Progress";

/** Seconds that are still to be waited at the pace since it was first seen; none before there is a pace. */
export function secondsLeft(
  since: { at: number; got: number },
  now: { at: number; got: number },
  total: number,
): number | null {
  const seconds = (now.at - since.at) / 1000;
  const pace = (now.got - since.got) / seconds;
  return seconds >= 1 && pace > 0 && total > now.got ? (total - now.got) / pace : null;
}

/** How far the reading of what the service has is; `at`: when that was told, milliseconds. */
export function Reading({
  reading,
  at,
  labelledBy,
}: {
  reading: ReadingView;
  at: number;
  labelledBy: string;
}): ReactNode {
  const [since] = useState({ at, got: reading.got });
  const percent = reading.total > 0 ? Math.min(100, Math.floor((reading.got / reading.total) * 100)) : null;
  const text =
    reading.total > 0
      ? [
          `${figure(reading.got)} sur ${counted(reading.total, "fiche", "fiches")}`,
          leftText(secondsLeft(since, { at, got: reading.got }, reading.total)),
        ]
          .filter(Boolean)
          .join(" · ")
      : "";
  return (
    <>
      <Progress labelledBy={labelledBy} percent={percent} text={text} />
      <p className="num">
        {percent !== null && <b>{String(percent)} %</b>} {text}
      </p>
    </>
  );
}
