package io.kontor.cluster.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

@Tag("fast")
class NodeRolesTest {

  @Test
  void aNodePlaysAllPartsUnlessToldOtherwise() {
    assertThat(NodeRoles.of(new MockEnvironment()).all())
        .containsExactlyInAnyOrder(NodeRole.values());
  }

  @Test
  void aNodePlaysThePartsThatItIsTold() {
    NodeRoles roles = roles("query, saga");
    assertThat(roles.all()).containsExactlyInAnyOrder(NodeRole.QUERY, NodeRole.SAGA);
    assertThat(roles.include(NodeRole.COMMAND)).isFalse();
    assertThat(roles).hasToString("query,saga");
  }

  @Test
  void anUnknownRoleIsNamedWithTheOnesThereAre() {
    assertThatThrownBy(() -> roles("query,projections"))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("'projections' is none of command, query, projection, saga");
  }

  @Test
  void anEmptyListIsAMistakeAndNotEverything() {
    assertThatThrownBy(() -> roles(""))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
        .hasMessageContaining("leave it out for all");
    assertThatThrownBy(() -> roles(" , "))
        .isInstanceOf(InvalidConfigurationPropertyValueException.class);
  }

  @Test
  void whatBelongsToARoleIsThereOnlyOnNodesThatPlayIt() {
    assertThat(beans("command")).contains("decisions").doesNotContain("dates");
    assertThat(beans("command,saga")).contains("decisions", "dates");
    assertThat(beans("query")).doesNotContain("decisions", "dates");
  }

  private static NodeRoles roles(String names) {
    return NodeRoles.of(new MockEnvironment().withProperty("kontor.roles", names));
  }

  private static String[] beans(String roles) {
    try (var context = new AnnotationConfigApplicationContext()) {
      context.setEnvironment(new MockEnvironment().withProperty("kontor.roles", roles));
      context.register(Parts.class);
      context.refresh();
      return context.getBeanDefinitionNames();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Parts {
    @Bean
    @ConditionalOnRole(NodeRole.COMMAND)
    String decisions() {
      return "decisions";
    }

    @Bean
    @ConditionalOnRole(NodeRole.SAGA)
    String dates() {
      return "dates";
    }
  }
}
