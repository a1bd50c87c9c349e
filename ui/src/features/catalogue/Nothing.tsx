import type { ReactNode } from "react";
import { french } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { EmptyState } from "~/shared/ui/Panel";
import { countOfFilters, type Asked } from "./query";

/** Nothing answers: what to try. */
export function Nothing({ asked, onClear }: { asked: Asked; onClear: () => void }): ReactNode {
  const text = asked.text.trim();
  const narrowed = countOfFilters(asked.filters) > 0 || asked.within !== null;
  return (
    <EmptyState title={text === "" ? "Rien ne correspond." : french(`Aucun résultat pour « ${text} ».`)}>
      {narrowed ? (
        <>
          <p>Ces filtres écartent tout, ou la distance est trop courte.</p>
          <p>
            <Button icon="close" onClick={onClear}>
              Chercher sans filtre, dans la France entière
            </Button>
          </p>
        </>
      ) : (
        <p>
          Essayez un seul mot, le nom d’un métier (« soudeur »), d’un diplôme (« BTS »), d’un établissement ou
          d’une commune. L’orthographe n’a pas besoin d’être exacte.
        </p>
      )}
    </EmptyState>
  );
}
