import { useEffect, useRef, type ReactNode } from "react";
import { Button, GridList, GridListItem, useDragAndDrop } from "react-aria-components";
import type { KindDoc } from "~/shared/backend";
import { lengthWords } from "~/shared/format/lengths";
import { cx, french, plural } from "~/shared/format/text";
import { Chip } from "~/shared/ui/Chip";
import { Icon } from "~/shared/ui/Icon";
import { KindMark } from "~/shared/ui/KindMark";
import type { Edited } from "../documents/drafts";
import list from "../parts/DocumentList.module.css";
import styles from "./KindList.module.css";
import { colourOf, NEW_KIND, placeWords, publicWords } from "./kinds";

/** Every kind with what a director wants to know of it: its mark, how long, for whom, how many meetings lean on it. */
export function KindList({
  offered,
  resting,
  pending,
  usage,
  drafts,
  chosen,
  onChoose,
  onOpen,
  onStep,
  onOrder,
}: {
  offered: readonly KindDoc[];
  resting: readonly KindDoc[];
  /** Ids that central has not confirmed. */
  pending: readonly string[];
  /** Meetings to come, by kind. */
  usage: Record<string, number | undefined>;
  drafts: Readonly<Record<string, Edited>>;
  chosen: string | null;
  onChoose: (id: string) => void;
  onOpen: (id: string) => void;
  onStep: (id: string, by: 1 | -1) => void;
  onOrder: (order: string[], moved: string) => void;
}): ReactNode {
  // A list in another order is another list: its rows are not moved about under the focus, which then goes along.
  const sequence = offered.map((one) => one.id).join();
  const scroll = useRef<HTMLDivElement>(null);
  const moved = useRef<string | null>(null);
  useEffect(() => {
    if (moved.current === null) return;
    scroll.current?.querySelector<HTMLElement>(`[data-key="${moved.current}"]`)?.focus();
    moved.current = null;
  }, [sequence]);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key) })),
    onReorder: ({ keys, target }) => {
      const dragged = [...keys].map(String);
      const rest = offered.map((one) => one.id).filter((id) => !dragged.includes(id));
      const at = rest.indexOf(String(target.key)) + (target.dropPosition === "after" ? 1 : 0);
      rest.splice(at, 0, ...dragged);
      moved.current = dragged[0] ?? null;
      onOrder(rest, dragged[0] ?? "");
    },
  });
  const row = (kind: KindDoc, draggable: boolean): ReactNode => {
    const future = usage[kind.id] ?? 0;
    return (
      <>
        {draggable ? (
          <Button slot="drag" className={styles.grip ?? ""} aria-label={`Déplacer ${kind.name}`}>
            <Icon name="grip" small />
          </Button>
        ) : (
          <span />
        )}
        <KindMark colour={colourOf(kind)} large />
        <span className={list.what}>
          <b className={styles.name}>{french(kind.name)}</b>
          <span className={list.meta}>
            {[placeWords(kind), publicWords(kind)].filter(Boolean).join(" · ")}
          </span>
        </span>
        <span className={cx(list.marks, styles.marks)}>
          {drafts[`kind:${kind.id}`] !== undefined && (
            <span className={list.begun}>
              <Icon name="pen" small />
              modifié
            </span>
          )}
          {pending.includes(kind.id) && <Chip state="provisional" />}
        </span>
        <span className={cx(styles.length, "num")}>
          {lengthWords(kind.duration_min)}
          {kind.buffer_after_min > 0 && (
            <span className={styles.buffer}>+ {lengthWords(kind.buffer_after_min)}</span>
          )}
        </span>
        <span className={cx(list.future, styles.future, "num")}>
          {future === 0 ? "aucun à venir" : `${String(future)} à venir`}
        </span>
      </>
    );
  };
  const grid = (label: string, kinds: readonly KindDoc[], draggable: boolean): ReactNode => (
    <div
      onKeyDownCapture={(event) => {
        const up = event.key === "ArrowUp";
        if (!draggable || !event.altKey || (!up && event.key !== "ArrowDown")) return;
        const id = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset["key"];
        if (id === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        moved.current = id;
        onStep(id, up ? -1 : 1);
      }}
    >
      <GridList
        key={kinds.map((kind) => kind.id).join()}
        aria-label={label}
        className={styles.grid ?? ""}
        items={kinds.map((kind) => ({ ...kind, future: usage[kind.id], drafts, pending }))}
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={chosen === null ? [] : [chosen]}
        onSelectionChange={(keys) => {
          if (keys === "all") return;
          const [key] = keys;
          if (key !== undefined && key !== chosen) onChoose(String(key));
        }}
        onAction={(key) => {
          onOpen(String(key));
        }}
        {...(draggable ? { dragAndDropHooks } : {})}
      >
        {(kind) => (
          <GridListItem
            id={kind.id}
            textValue={`${kind.name}, ${lengthWords(kind.duration_min)}, ${plural(usage[kind.id] ?? 0, "rendez-vous", "rendez-vous")} à venir`}
            className={cx(list.row, styles.row)}
          >
            {row(kind, draggable)}
          </GridListItem>
        )}
      </GridList>
    </div>
  );
  return (
    <div ref={scroll} className={list.scroll}>
      {drafts[NEW_KIND] !== undefined && (
        <button
          type="button"
          className={list.draft}
          aria-current={chosen === "new" ? "true" : undefined}
          onClick={() => {
            onOpen("new");
          }}
        >
          <Icon name="pen" small />
          <span>
            <b>Nouveau motif</b>, commencé et pas encore enregistré
          </span>
        </button>
      )}
      {grid("Motifs proposés", offered, true)}
      {resting.length > 0 && (
        <>
          <h3 className={styles.group}>Ne sont plus proposés</h3>
          {grid("Motifs qui ne sont plus proposés", resting, false)}
        </>
      )}
    </div>
  );
}
