package io.kontor.eventstore.command;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.AnnotationCommandTargetResolver;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the stream of a command by its annotated record component. Axon's own resolver searches
 * every method's annotations for each command, which took a tenth of the time to the store.
 */
public final class CachingCommandTargetResolver implements CommandTargetResolver {
  private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);

  private final CommandTargetResolver byReflection =
      AnnotationCommandTargetResolver.builder().build();
  private final ClassValue<Accessor> accessors =
      new ClassValue<>() {
        @Override
        protected Accessor computeValue(Class<?> type) {
          return new Accessor(type.isRecord() ? accessor(type) : null);
        }
      };

  @Override
  public VersionedAggregateIdentifier resolveTarget(CommandMessage<?> command) {
    MethodHandle accessor = accessors.get(command.getPayloadType()).handle();
    if (accessor == null) {
      return byReflection.resolveTarget(command);
    }
    return new VersionedAggregateIdentifier(identifier(accessor, command.getPayload()), null);
  }

  private static Object identifier(MethodHandle accessor, Object command) {
    try {
      return accessor.invokeExact(command);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable MethodHandle accessor(Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getAccessor().isAnnotationPresent(TargetAggregateIdentifier.class)) {
        try {
          component.getAccessor().setAccessible(true);
          return MethodHandles.lookup().unreflect(component.getAccessor()).asType(ACCESSOR);
        } catch (IllegalAccessException closed) {
          return null;
        }
      }
    }
    return null;
  }

  private record Accessor(@Nullable MethodHandle handle) {}
}
