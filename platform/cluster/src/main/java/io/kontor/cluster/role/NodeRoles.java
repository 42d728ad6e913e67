package io.kontor.cluster.role;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * This node's roles: those in {@code kontor.roles}, all of them by default.
 *
 * @param all at least one
 */
public record NodeRoles(Set<NodeRole> all) {
  /** The property with a node's roles, separated by commas. */
  public static final String PROPERTY = "kontor.roles";

  /**
   * @throws IllegalArgumentException when there is none
   */
  public NodeRoles {
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "leave it out for all of %s, or name some of them separated by commas"
              .formatted(known()));
    }
    all = Set.copyOf(all);
  }

  /**
   * The configured roles.
   *
   * @throws InvalidConfigurationPropertyValueException when there is none or an unknown one
   */
  public static NodeRoles of(Environment environment) {
    return Binder.get(environment)
        .bind(PROPERTY, Bindable.listOf(String.class))
        .map(NodeRoles::configured)
        .orElseGet(() -> new NodeRoles(EnumSet.allOf(NodeRole.class)));
  }

  private static NodeRoles configured(List<String> names) {
    try {
      return named(names);
    } catch (IllegalArgumentException invalid) {
      throw new InvalidConfigurationPropertyValueException(
          PROPERTY, String.join(",", names), invalid.getMessage());
    }
  }

  /**
   * Roles by their names in lower case.
   *
   * @throws IllegalArgumentException when there is none or an unknown one
   */
  public static NodeRoles named(Collection<String> names) {
    return new NodeRoles(names.stream().map(NodeRoles::role).collect(Collectors.toSet()));
  }

  /** The roles that this version supports; a node of another version may have others. */
  public static Optional<NodeRoles> known(Collection<String> names) {
    Set<NodeRole> known =
        Arrays.stream(NodeRole.values())
            .filter(role -> names.contains(role.toString()))
            .collect(Collectors.toSet());
    return known.isEmpty() ? Optional.empty() : Optional.of(new NodeRoles(known));
  }

  /** Whether this node has the role. */
  public boolean include(NodeRole role) {
    return all.contains(role);
  }

  private static NodeRole role(String name) {
    return Arrays.stream(NodeRole.values())
        .filter(role -> role.toString().equals(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is none of %s".formatted(name.strip(), known())));
  }

  private static String known() {
    return List.of(NodeRole.values()).stream()
        .map(NodeRole::toString)
        .collect(Collectors.joining(", "));
  }

  /** In the form of the configuration. */
  @Override
  public String toString() {
    return all.stream().sorted().map(NodeRole::toString).collect(Collectors.joining(","));
  }
}
