import type { ReactNode } from "react";
import { Button } from "~/shared/ui/Button";
import { Note } from "~/shared/ui/Note";
import styles from "./Catalogue.module.css";

/** There is nothing to look through: what there is to do about it. */
export function NoCatalogue({ damaged, onImport }: { damaged: boolean; onImport: () => void }): ReactNode {
  return (
    <div className={styles.none}>
      <h2>{damaged ? "Le catalogue de ce poste est abîmé" : "Ce poste n’a pas encore de catalogue"}</h2>
      {damaged ? (
        <Note tone="bad" live>
          Ses fichiers ne se lisent plus. Les rendez-vous, les demandes et les usagers ne sont pas touchés :
          importez le catalogue de nouveau.
        </Note>
      ) : (
        <p>
          Formations, établissements, métiers et questions fréquentes se cherchent ici au fil de la frappe,
          avec ou sans réseau. Il faut d’abord lire les fichiers que publient l’Onisep et le ministère : une
          fois, puis à chaque mise à jour.
        </p>
      )}
      <div>
        <Button tone="primary" icon="download" onClick={onImport}>
          Importer un catalogue…
        </Button>
      </div>
    </div>
  );
}
