import type { ReactNode } from "react";
import { useRead, type CatalogueHit, type EnquiryView } from "~/shared/backend";
import { kindIcon, kindTitle } from "~/shared/catalogue/kinds";
import { Pieces } from "~/shared/catalogue/Pieces";
import { distanceText, underName, whyText } from "~/shared/catalogue/words";
import { errorText } from "~/shared/errors";
import { cx } from "~/shared/format/text";
import { useChoice, useTyping } from "~/shared/ui/choice";
import choice from "~/shared/ui/choice.module.css";
import { Dialog } from "~/shared/ui/Dialog";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { suggested } from "./Suggestions";
import styles from "./Suggestions.module.css";
import { homeOf } from "./useInsertion";

const OF_EACH = 4;

/** "??": finds a record of the catalogue without leaving the answer; Enter puts it where one was writing. */
export function InsertDialog({
  view,
  open,
  onClose,
  onTake,
}: {
  view: EnquiryView;
  open: boolean;
  onClose: () => void;
  onTake: (id: string) => void;
}): ReactNode {
  return (
    <Dialog title="Insérer une fiche du catalogue" open={open} onClose={onClose}>
      <Finder view={view} onTake={onTake} />
    </Dialog>
  );
}

function Finder({ view, onTake }: { view: EnquiryView; onTake: (id: string) => void }): ReactNode {
  const typing = useTyping();
  const { text } = typing;
  const near = homeOf(view);
  const fits = useRead("catalogue.suggest", { enquiry: view.id, limit: 3 });
  const searched = useRead(
    "catalogue.search",
    { text, near: near === "" ? null : near, limit: OF_EACH },
    { enabled: text !== "", keep: true },
  );
  const { data, error } = text === "" ? fits : searched;
  const hits =
    data === undefined ? [] : text === "" ? suggested(data) : data.groups.flatMap((group) => group.hits);
  const settled = text === "" || !(searched.isPending || searched.isPlaceholderData);
  const { list, line, at, field } = useChoice(typing, hits.length, settled, (index) => {
    const hit = hits[index];
    if (hit !== undefined) onTake(hit.id);
  });
  const kinds = [...new Set(hits.map((hit) => hit.kind))];
  return (
    <>
      <div className={choice.box}>
        <TextField label="Formation, métier, établissement ou question" {...field} />
      </div>
      <div
        id={list}
        role="listbox"
        aria-label="Fiches"
        className={hits.length === 0 ? "vh" : cx(choice.list, styles.found)}
      >
        {kinds.map((kind) => (
          <div key={kind} role="group" aria-label={kindTitle(kind)}>
            <p className={styles.group} aria-hidden="true">
              {kindTitle(kind)}
            </p>
            {hits.map((hit, index) =>
              hit.kind === kind ? (
                <Line
                  key={hit.id}
                  id={line(index)}
                  hit={hit}
                  chosen={index === at}
                  explained={text === ""}
                  onTake={() => {
                    onTake(hit.id);
                  }}
                />
              ) : null,
            )}
          </div>
        ))}
      </div>
      {hits.length === 0 && (error !== null || data !== undefined) && (
        <p className={choice.none} role="status">
          {error !== null
            ? `${errorText(error).text} ${errorText(error).next}`
            : text === ""
              ? "Rien dans la question ne mène à une fiche : tapez un mot."
              : "Rien ne correspond."}
        </p>
      )}
    </>
  );
}

function Line({
  id,
  hit,
  chosen,
  explained,
  onTake,
}: {
  id: string;
  hit: CatalogueHit;
  chosen: boolean;
  explained: boolean;
  onTake: () => void;
}): ReactNode {
  return (
    <div id={id} role="option" aria-selected={chosen} className={choice.line} onClick={onTake}>
      <Icon name={kindIcon(hit.kind)} />
      <div>
        <b>
          <Pieces pieces={hit.title} />
        </b>
        <span className="sub">{explained ? whyText(hit) : underName(hit.subtitle)}</span>
      </div>
      <span className="sub num">{distanceText(hit)}</span>
    </div>
  );
}
