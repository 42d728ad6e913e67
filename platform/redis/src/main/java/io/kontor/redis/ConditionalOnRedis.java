package io.kontor.redis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Applies when {@code kontor.redis.nodes} or {@code kontor.redis.nodes-file} is set. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnRedis.Configured.class)
public @interface ConditionalOnRedis {

  /** Needs no class of Lettuce. */
  final class Configured implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      Binder binder = Binder.get(context.getEnvironment());
      return !binder
              .bind("kontor.redis.nodes", Bindable.listOf(String.class))
              .orElse(List.of())
              .isEmpty()
          || binder.bind("kontor.redis.nodes-file", String.class).isBound();
    }
  }
}
