import {
  QueryClient,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { createContext, use, useCallback, useEffect, type ReactNode } from "react";
import { QueryClientProvider } from "@tanstack/react-query";
import type { Backend, BackendError } from "./backend";
import { PROVIDES, type Args, type CommandName, type Result } from "./commands";

const BackendContext = createContext<Backend | null>(null);

/** Everything is local: a read is never stale until the desk says that it changed. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

export function BackendProvider({
  backend,
  queries,
  children,
}: {
  backend: Backend;
  queries: QueryClient;
  children: ReactNode;
}): ReactNode {
  useEffect(
    () =>
      backend.onChange((scopes) => {
        const changed = new Set(scopes);
        void queries.invalidateQueries({
          predicate: (query) => {
            const provides = PROVIDES[query.queryKey[0] as CommandName] ?? [];
            return changed.has("*") || provides.some((scope) => changed.has(scope));
          },
        });
      }),
    [backend, queries],
  );
  return (
    <QueryClientProvider client={queries}>
      <BackendContext value={backend}>{children}</BackendContext>
    </QueryClientProvider>
  );
}

export function useBackend(): Backend {
  const backend = use(BackendContext);
  if (backend === null) throw new Error("BackendProvider is missing");
  return backend;
}

export interface ReadOptions {
  enabled?: boolean;
  /** Go on showing the previous answer while the next one is on its way (another day, one more letter typed). */
  keep?: boolean;
  /** Milliseconds after which to ask again although nothing changed: for what depends on the hour. */
  every?: number;
}

/** Reads from the desk and reads again when what it shows has changed. */
export function useRead<N extends CommandName>(
  name: N,
  args: Args<N>,
  options: ReadOptions = {},
): UseQueryResult<Result<N>, BackendError> {
  const backend = useBackend();
  return useQuery<Result<N>, BackendError>({
    queryKey: [name, args],
    queryFn: () => backend.call<Result<N>>(name, args),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
  });
}

/** Several reads of one command at once, as pages of a long list are. */
export function useReads<N extends CommandName>(
  name: N,
  all: readonly Args<N>[],
): UseQueryResult<Result<N>, BackendError>[] {
  const backend = useBackend();
  return useQueries({
    queries: all.map((args) => ({
      queryKey: [name, args],
      queryFn: (): Promise<Result<N>> => backend.call<Result<N>>(name, args),
    })),
  }) as UseQueryResult<Result<N>, BackendError>[];
}

/** Sends a command. What changed is read again through `onChange`; nothing is painted before the desk has agreed. */
export function useWrite<N extends CommandName>(
  name: N,
): UseMutationResult<Result<N>, BackendError, Args<N>> {
  const backend = useBackend();
  return useMutation<Result<N>, BackendError, Args<N>>({
    mutationFn: (args) => backend.call<Result<N>>(name, args),
  });
}

/** Puts what a command gave back into an answer that is on the screen, before that answer is read again. */
export function useRemember(): <N extends CommandName>(
  name: N,
  args: Args<N>,
  update: (before: Result<N>) => Result<N>,
) => void {
  const queries = useQueryClient();
  return useCallback(
    <N extends CommandName>(name: N, args: Args<N>, update: (before: Result<N>) => Result<N>) => {
      queries.setQueryData<Result<N>>([name, args], (before) =>
        before === undefined ? before : update(before),
      );
    },
    [queries],
  );
}
