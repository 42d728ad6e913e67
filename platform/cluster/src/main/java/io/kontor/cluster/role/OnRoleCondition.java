package io.kontor.cluster.role;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether this node has the role that {@link ConditionalOnRole} names. */
final class OnRoleCondition implements Condition {
  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    NodeRole wanted =
        metadata.getAnnotations().get(ConditionalOnRole.class).getEnum("value", NodeRole.class);
    return NodeRoles.of(context.getEnvironment()).include(wanted);
  }
}
