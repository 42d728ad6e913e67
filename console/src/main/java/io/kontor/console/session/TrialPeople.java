package io.kontor.console.session;

import io.kontor.web.security.Role;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * People to sign in as without a password. Only a bank for development has them.
 *
 * @param tokens issues a person's token
 */
public record TrialPeople(List<Person> people, Function<Person, String> tokens) {
  public TrialPeople {
    people = List.copyOf(people);
  }

  /**
   * @param tenant null for an operator
   */
  public record Person(@Nullable String tenant, String subject, Role role) {}
}
