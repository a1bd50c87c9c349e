import {
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useRead } from "~/shared/backend";
import { cx } from "~/shared/format/text";
import { Marked } from "~/shared/people/PersonField";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import { linesOf, readScope, type Action, type Line } from "./model";
import styles from "./Palette.module.css";

/** Ctrl K: people, days and actions from one line, over any screen; the page behind is inert. The first line is what Enter does. */
export function Palette({
  open,
  actions,
  onClose,
}: {
  open: boolean;
  actions: readonly Action[];
  onClose: () => void;
}): ReactNode {
  return (
    <ModalOverlay
      isOpen={open}
      isDismissable
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      className={styles.veil ?? ""}
    >
      <Modal className={styles.modal ?? ""}>
        <Dialog aria-label="Rechercher ou commander" className={styles.dialog ?? ""}>
          <PaletteBody actions={actions} onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function PaletteBody({ actions, onClose }: { actions: readonly Action[]; onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  const { go } = useRouter();
  const { people } = useSession();
  const { today } = useNow();
  const deferred = useDeferredValue(typed);
  const { query } = readScope(deferred);
  const { data } = useRead(
    "palette.search",
    { query: deferred.trim() },
    { enabled: query.length >= 2, keep: true },
  );
  const lines = linesOf(deferred, query.length >= 2 ? (data ?? []) : [], { today, actions, people });
  const at = Math.min(active, lines.length - 1);

  useEffect(() => {
    field.current?.focus();
  }, []);
  useEffect(() => {
    document.getElementById(`${list}-${String(at)}`)?.scrollIntoView({ block: "nearest" });
  }, [list, at]);

  function take(line: Line): void {
    onClose();
    const { target } = line;
    switch (target.type) {
      case "client":
        go("clients", { client: target.id });
        return;
      case "enquiry":
        go("enquiries", { enquiry: target.id });
        return;
      case "catalogue":
        go("catalogue", { record: target.id });
        return;
      case "day":
        go("agenda", { date: target.date });
        return;
      case "slot":
        go("agenda", { book: { start: target.start, counsellor: target.counsellor } });
        return;
      case "action":
        target.action.run();
    }
  }

  function pressed(event: KeyboardEvent): void {
    if (lines.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setActive((at + (event.key === "ArrowDown" ? 1 : lines.length - 1)) % lines.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const line = lines[at];
      if (line) take(line);
    }
  }

  const groups = [...new Set(lines.map((line) => line.group))];
  return (
    <>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          ref={field}
          role="combobox"
          aria-label="Rechercher ou commander"
          aria-expanded={lines.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `${list}-${String(at)}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          placeholder="Nom, téléphone, « mar 14h », formation, action…"
          onChange={(event) => {
            setActive(0);
            setTyped(event.target.value);
          }}
          onKeyDown={pressed}
        />
        <span className="sub">Échap pour fermer</span>
      </div>
      <div id={list} role="listbox" aria-label="Réponses" className={styles.list}>
        {groups.map((group) => (
          <div key={group} role="group" aria-label={group}>
            <p className={styles.group} aria-hidden="true">
              {group}
            </p>
            {lines.map((line, index) =>
              line.group === group ? (
                <div
                  key={line.id}
                  id={`${list}-${String(index)}`}
                  role="option"
                  aria-selected={index === at}
                  className={styles.line}
                  onPointerMove={() => {
                    setActive(index);
                  }}
                  onClick={() => {
                    take(line);
                  }}
                >
                  <Icon name={line.icon} />
                  <span className={cx(styles.text, line.target.type === "client" && styles.name)}>
                    <Marked text={line.text} ranges={line.matched} />
                  </span>
                  <span className={styles.detail}>{line.detail}</span>
                  {index === at ? <Kbd keys="Enter" /> : line.keys !== undefined && <Kbd keys={line.keys} />}
                </div>
              ) : null,
            )}
          </div>
        ))}
      </div>
      {lines.length === 0 && (
        <p className={styles.none} role="status">
          {query.length < 2 ? "Tapez au moins deux lettres." : "Rien ne correspond."}
        </p>
      )}
      <footer className={styles.foot}>
        <span>
          <Kbd keys="ArrowUp" /> <Kbd keys="ArrowDown" /> choisir
        </span>
        <span>
          <Kbd keys="Enter" /> faire
        </span>
        <span className={styles.prefixes}>
          Commencer par <b>@</b> personne, <b>#</b> catalogue, <b>&gt;</b> action
        </span>
      </footer>
    </>
  );
}
