package io.kontor.postgres;

import io.kontor.database.DatabaseLogin;
import java.util.List;

/** Creates a Kontor database: its owner, and who may connect. */
final class DatabaseProvisioner {
  private DatabaseProvisioner() {}

  static List<String> create(String name, String template) {
    return List.of(
        "create database \"%s\" template %s owner %s"
            .formatted(name, template, DatabaseLogin.OWNER.role()),
        "revoke all on database \"%s\" from public".formatted(name),
        "grant connect on database \"%s\" to %s, %s"
            .formatted(name, DatabaseLogin.APP.role(), DatabaseLogin.WORKER.role()));
  }
}
