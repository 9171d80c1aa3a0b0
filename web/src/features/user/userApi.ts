/** The people of the installation, for administrators. */
import { generatedApi, type User, type UserList } from "../../api/generated";

const PAGE = 100;

export type UserSort = "name" | "created_at" | "last_active_at";

/** Which people are listed, and in which order. */
interface UserQuery {
  /** A part of the name or the address. */
  text: string;
  sort: UserSort;
}

const userApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      createUser: { invalidatesTags: ["User"] },
      updateUser: { invalidatesTags: ["User"] },
      deleteUser: { invalidatesTags: ["User"] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      users: build.infiniteQuery<UserList, UserQuery, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ queryArg: { text, sort }, pageParam }) => ({
          url: "/api/v1/users",
          params: { limit: PAGE, q: text || undefined, sort, cursor: pageParam ?? undefined },
        }),
        providesTags: ["User"],
      }),
    }),
  });

export const {
  useUsersInfiniteQuery,
  useCreateUserMutation,
  useUpdateUserMutation,
  useDeleteUserMutation,
  useResetPasswordMutation,
} = userApi;

export type { User };
