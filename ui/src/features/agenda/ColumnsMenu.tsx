import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { DayColumn } from "~/shared/backend";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import styles from "./ColumnsMenu.module.css";

/** Which columns are shown. The same as keys 1 to 9. */
export function ColumnsMenu({
  columns,
  hidden,
  onToggle,
}: {
  columns: readonly DayColumn[];
  hidden: ReadonlySet<string>;
  onToggle: (id: string) => void;
}): ReactNode {
  const shown = columns.filter((column) => !hidden.has(column.id));
  return (
    <MenuTrigger>
      <Button
        className={styles.button ?? ""}
        aria-label={`Colonnes, ${String(shown.length)} sur ${String(columns.length)}`}
      >
        <Icon name="users" />
        <span className={styles.word}>
          {shown.length} sur {columns.length}
        </span>
        <Icon name="down" />
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end" offset={6}>
        <Menu
          aria-label="Colonnes montrées"
          className={styles.menu ?? ""}
          selectionMode="multiple"
          selectedKeys={shown.map((column) => column.id)}
          onSelectionChange={(keys) => {
            for (const column of columns) {
              const on = keys === "all" || keys.has(column.id);
              if (on === hidden.has(column.id)) onToggle(column.id);
            }
          }}
        >
          {columns.map((column, index) => (
            <MenuItem key={column.id} id={column.id} textValue={column.name} className={styles.item ?? ""}>
              <Icon name="check" small />
              <span>{column.name}</span>
              {index < 9 && <Kbd keys={String(index + 1)} />}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
