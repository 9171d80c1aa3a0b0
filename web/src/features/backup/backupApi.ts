/** Copies of everything, for administrators. */
import { generatedApi } from "../../api/generated";

const backupApi = generatedApi.enhanceEndpoints({
  endpoints: { listBackups: { providesTags: ["Backup"] } },
});

export const { useListBackupsQuery, useCreateBackupMutation } = backupApi;
