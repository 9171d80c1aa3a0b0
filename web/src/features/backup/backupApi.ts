/** Copies of everything, for administrators. */
import { generatedApi } from "../../api/generated";

export const backupApi = generatedApi.enhanceEndpoints({
  endpoints: { listBackups: { providesTags: ["Backup"] } },
});

export const { useListBackupsQuery, useCreateBackupMutation } = backupApi;
