package io.kontor.integration.kafka;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches when Kafka is configured. The check loads no Kafka classes. */
public final class OnKafkaCondition implements Condition {
  private static final String SETTING = "kontor.kafka.bootstrap-servers";

  /** Whether Kafka is configured, even with an invalid value. */
  public static boolean isOn(Environment environment) {
    return Binder.get(environment).bind(SETTING, Bindable.listOf(String.class)).isBound();
  }

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return isOn(context.getEnvironment());
  }
}
