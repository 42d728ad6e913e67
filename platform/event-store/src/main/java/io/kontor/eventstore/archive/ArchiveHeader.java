package io.kontor.eventstore.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kontor.eventstore.event.Sha256;
import io.kontor.tenancy.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An archive's first line.
 *
 * @param version of the format
 * @param tenants whose events follow, by id
 */
record ArchiveHeader(@JsonProperty("kontor-events") int version, List<Tenant> tenants) {
  static final int VERSION = 1;

  ArchiveHeader {
    tenants = List.copyOf(tenants);
  }

  /**
   * A tenant and the start of its chain in the archive.
   *
   * @param name its registered name; absent when it is not registered
   * @param after the hash of the last event before the archive's first
   */
  @JsonInclude(Include.NON_NULL)
  record Tenant(String id, @Nullable String name, String after) {
    private static final int LONGEST_NAME = 1_000;

    Tenant {
      new TenantId(id);
      Sha256.parse(after);
      if (name != null
          && (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl))) {
        throw new IllegalArgumentException("no name of a tenant");
      }
    }
  }
}
