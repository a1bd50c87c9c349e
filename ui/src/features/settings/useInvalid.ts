import { useState } from "react";

/** The fields that hold something that is not understood: nothing is saved while there is one. */
export function useInvalid(): { any: boolean; mark: (field: string) => (wrong: boolean) => void } {
  const [fields, setFields] = useState<ReadonlySet<string>>(new Set());
  return {
    any: fields.size > 0,
    mark: (field) => (wrong) => {
      setFields((before) => {
        if (before.has(field) === wrong) return before;
        const next = new Set(before);
        if (wrong) next.add(field);
        else next.delete(field);
        return next;
      });
    },
  };
}
