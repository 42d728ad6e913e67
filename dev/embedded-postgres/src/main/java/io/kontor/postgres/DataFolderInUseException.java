package io.kontor.postgres;

import io.kontor.database.LocalDatabaseException;
import java.nio.file.Path;

/** Another process uses the data folder. */
public final class DataFolderInUseException extends LocalDatabaseException {
  DataFolderInUseException(Path folder, String pid) {
    super(
        ("the data folder %s is in use by another Kontor (process %s): stop that one, or choose"
                + " another folder with KONTOR_DATA_DIR")
            .formatted(folder, pid),
        null);
  }
}
