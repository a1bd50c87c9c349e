import { useState, type FormEvent, type ReactNode } from "react";
import {
  Button as AriaButton,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
} from "react-aria-components";
import type { DayColumn } from "~/shared/backend";
import { plural } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import styles from "./ColumnsMenu.module.css";
import { MOST_GROUPS } from "./groups";
import type { Columns } from "./useColumns";

const SAVE = "groupe:nommer";
const ALL = "groupe:tous";
const SHOW = "groupe:montrer:";
const REMOVE = "groupe:oublier:";

/** Which columns are shown, and the named groups of them. The same as keys 1 to 9, Alt 1 to 9 and 0. */
export function ColumnsMenu({ all, columns }: { all: readonly DayColumn[]; columns: Columns }): ReactNode {
  const { hidden, toggle, groups, group, showGroup, showAll, saveGroup, removeGroup } = columns;
  const [naming, setNaming] = useState(false);
  const shown = all.filter((column) => !hidden.has(column.id));
  const count = `${String(shown.length)} sur ${String(all.length)}`;
  const partly = shown.length < all.length;
  const act = (key: string): void => {
    const named = (prefix: string): string => key.slice(prefix.length);
    if (key === SAVE) setNaming(true);
    else if (key === ALL) showAll();
    else if (key.startsWith(REMOVE)) removeGroup(named(REMOVE));
    else if (key.startsWith(SHOW)) {
      const wanted = groups.find((one) => one.name === named(SHOW));
      if (wanted !== undefined) showGroup(wanted);
    }
  };
  return (
    <>
      <MenuTrigger>
        <AriaButton
          className={styles.button ?? ""}
          aria-label={`Colonnes, ${count}${group === null ? "" : `, groupe ${group.name}`}`}
        >
          <Icon name="users" />
          <span className={styles.word}>{group === null ? count : group.name}</span>
          <Icon name="down" />
        </AriaButton>
        <Popover className={styles.popover ?? ""} placement="bottom end" offset={6}>
          <Menu
            aria-label="Colonnes montrées"
            className={styles.menu ?? ""}
            onAction={(key) => {
              act(String(key));
            }}
          >
            <MenuSection
              selectionMode="multiple"
              selectedKeys={shown.map((column) => column.id)}
              onSelectionChange={(keys) => {
                for (const column of all) {
                  const on = keys === "all" || keys.has(column.id);
                  if (on === hidden.has(column.id)) {
                    toggle(column.id);
                    return;
                  }
                }
              }}
            >
              <Header className={styles.head ?? ""}>Colonnes</Header>
              {all.map((column, index) => (
                <MenuItem
                  key={column.id}
                  id={column.id}
                  textValue={column.name}
                  className={styles.item ?? ""}
                >
                  <Icon name="check" small />
                  <span>{column.name}</span>
                  {index < 9 && <Kbd keys={String(index + 1)} />}
                </MenuItem>
              ))}
            </MenuSection>
            <MenuSection>
              <Header className={styles.head ?? ""}>Groupes</Header>
              {groups.map((one, index) => (
                <MenuItem
                  key={one.name}
                  id={`${SHOW}${one.name}`}
                  textValue={one.name}
                  className={styles.item ?? ""}
                >
                  <span className={styles.on}>{one.name === group?.name && <Icon name="check" small />}</span>
                  <span>
                    {one.name} <span className="sub">{plural(one.columns.length, "colonne")}</span>
                  </span>
                  <Kbd keys={`Alt+${String(index + 1)}`} />
                </MenuItem>
              ))}
              {partly && (
                <MenuItem id={ALL} textValue="Tout montrer" className={styles.item ?? ""}>
                  <Icon name="users" small />
                  <span>Tout montrer</span>
                  <Kbd keys="0" />
                </MenuItem>
              )}
              {partly && group === null && groups.length < MOST_GROUPS && (
                <MenuItem id={SAVE} textValue="Nommer ce groupe" className={styles.item ?? ""}>
                  <Icon name="plus" small />
                  <span>Nommer ce groupe…</span>
                </MenuItem>
              )}
              {group !== null && (
                <MenuItem
                  id={`${REMOVE}${group.name}`}
                  textValue={`Oublier le groupe ${group.name}`}
                  className={styles.item ?? ""}
                >
                  <Icon name="close" small />
                  <span>Oublier « {group.name} »</span>
                </MenuItem>
              )}
              {!partly && groups.length === 0 && (
                <MenuItem id="groupe:aide" isDisabled textValue="Aucun groupe" className={styles.item ?? ""}>
                  <span className={styles.on} />
                  <span className="sub">Cachez des colonnes pour nommer un groupe.</span>
                </MenuItem>
              )}
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Dialog
        title="Nommer ce groupe"
        open={naming}
        onClose={() => {
          setNaming(false);
        }}
      >
        {naming && (
          <NameForm
            names={shown.map((column) => column.name)}
            onName={(name) => {
              saveGroup(name);
              setNaming(false);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

function NameForm({
  names,
  onName,
}: {
  names: readonly string[];
  onName: (name: string) => void;
}): ReactNode {
  const [name, setName] = useState("");
  const [error, setError] = useState<string | null>(null);
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === "") setError("Donnez un nom au groupe.");
    else onName(name.trim());
  };
  return (
    <form className={styles.form} onSubmit={submitted} noValidate>
      <p className="sub">{names.join(", ")}</p>
      <TextField
        label="Nom du groupe"
        value={name}
        error={error}
        autoFocus
        maxLength={24}
        onChange={(event) => {
          setError(null);
          setName(event.target.value);
        }}
      />
      <DialogActions>
        <Button tone="primary" submit shortcut="Enter">
          Retenir
        </Button>
      </DialogActions>
    </form>
  );
}
