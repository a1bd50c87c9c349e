import { memo, useState, type ReactNode, type Ref } from "react";
import type { CatalogueCount, CatalogueFacet } from "~/shared/backend";
import { kindRank, kindTitle } from "~/shared/catalogue/kinds";
import { figure, counted } from "~/shared/format/numbers";
import { cx } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { countOfFilters, PROPERTIES, PROPERTY_NAMES, type Filters, type Property } from "./query";
import styles from "./Facets.module.css";

const SHOWN = 6;

/** What the search can be narrowed by, with how many hits each choice would give. */
export const Facets = memo(function Facets({
  ref,
  facets,
  filters,
  onToggle,
  onClear,
}: {
  ref: Ref<HTMLElement>;
  facets: readonly CatalogueFacet[];
  filters: Filters;
  onToggle: (property: Property, value: string) => void;
  onClear: () => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const count = countOfFilters(filters);
  return (
    <section ref={ref} className={styles.facets} aria-label="Affiner" data-open={open}>
      <h2 className="vh">Affiner</h2>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Icon name="filter" />
        Affiner{count > 0 && `, ${counted(count, "filtre", "filtres")}`}
        <Icon name={open ? "up" : "down"} small />
      </button>
      <div className={styles.inside}>
        <p className={styles.head}>
          <span className="sub num">{count === 0 ? "Affiner" : counted(count, "filtre", "filtres")}</span>
          {count > 0 && (
            <button type="button" className={styles.clear} onClick={onClear}>
              Effacer<span className="vh"> les filtres</span>
            </button>
          )}
        </p>
        {PROPERTIES.map((property) => {
          const facet = facets.find((one) => one.property === property);
          return (
            <Facet
              key={property}
              property={property}
              values={facet?.values ?? []}
              chosen={filters[property]}
              onToggle={onToggle}
            />
          );
        })}
      </div>
    </section>
  );
});

/** What is chosen stays in sight, also where it gives nothing any more. */
function withChosen(values: readonly CatalogueCount[], chosen: readonly string[]): CatalogueCount[] {
  const missing = chosen.filter((value) => !values.some((one) => one.value === value));
  return [
    ...values,
    ...missing.map((value) => ({ value, label: value.split("/").at(-1) ?? value, hits: 0 })),
  ];
}

/** Kinds keep their places, whatever there is of each. */
function inOrder(property: Property, values: CatalogueCount[]): CatalogueCount[] {
  return property === "kinds" ? values.sort((a, b) => kindRank(a.value) - kindRank(b.value)) : values;
}

function Facet({
  property,
  values,
  chosen,
  onToggle,
}: {
  property: Property;
  values: readonly CatalogueCount[];
  chosen: readonly string[];
  onToggle: (property: Property, value: string) => void;
}): ReactNode {
  const [all, setAll] = useState(false);
  const every = inOrder(property, withChosen(values, chosen));
  if (every.length === 0) return null;
  // A sub-domain stands under its domain; one whose domain is not listed stands by itself.
  const isTop = (one: CatalogueCount): boolean =>
    property !== "domains" ||
    !one.value.includes("/") ||
    !every.some((other) => other.value === one.value.split("/")[0]);
  const top = every.filter(isTop);
  const cut = !all && top.length > SHOWN + 1;
  const shown = cut ? top.filter((one, index) => index < SHOWN || chosen.includes(one.value)) : top;
  return (
    <fieldset className={styles.facet}>
      <legend>{PROPERTY_NAMES[property]}</legend>
      {shown.map((one) => (
        <Value
          key={one.value}
          property={property}
          value={one}
          under={every.filter((other) => !isTop(other) && other.value.startsWith(`${one.value}/`))}
          chosen={chosen}
          onToggle={onToggle}
        />
      ))}
      {cut && (
        <button
          type="button"
          className={styles.all}
          onClick={() => {
            setAll(true);
          }}
        >
          Afficher les {figure(top.length - shown.length)} autres
          <span className="vh"> : {PROPERTY_NAMES[property]}</span>
        </button>
      )}
      {all && top.length > SHOWN + 1 && (
        <button
          type="button"
          className={styles.all}
          onClick={() => {
            setAll(false);
          }}
        >
          Réduire<span className="vh"> : {PROPERTY_NAMES[property]}</span>
        </button>
      )}
    </fieldset>
  );
}

function Value({
  property,
  value,
  under,
  chosen,
  onToggle,
}: {
  property: Property;
  value: CatalogueCount;
  /** The parts of a domain. */
  under: readonly CatalogueCount[];
  chosen: readonly string[];
  onToggle: (property: Property, value: string) => void;
}): ReactNode {
  const [opened, setOpened] = useState(false);
  const open = opened || under.some((one) => chosen.includes(one.value));
  const name = property === "kinds" ? kindTitle(value.value) : value.label;
  return (
    <>
      <div className={styles.row}>
        <label className={styles.value}>
          <input
            type="checkbox"
            checked={chosen.includes(value.value)}
            onChange={() => {
              onToggle(property, value.value);
            }}
          />
          <span>{name}</span>
          <span className={styles.hits}>{figure(value.hits)}</span>
        </label>
        {under.length > 0 && (
          <button
            type="button"
            className={styles.opener}
            aria-expanded={open}
            aria-label={`Détail de ${name}`}
            onClick={() => {
              setOpened(!open);
            }}
          >
            <Icon name={open ? "up" : "down"} small />
          </button>
        )}
      </div>
      {open &&
        under.map((one) => (
          <label key={one.value} className={cx(styles.value, styles.under)}>
            <input
              type="checkbox"
              checked={chosen.includes(one.value)}
              onChange={() => {
                onToggle(property, one.value);
              }}
            />
            <span>{one.label}</span>
            <span className={styles.hits}>{figure(one.hits)}</span>
          </label>
        ))}
    </>
  );
}
