package io.kontor.eventstore.aggregate;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory that an aggregate's state takes, by walking its object graph: in bytes, with
 * compressed references, rounded up rather than down. Shared objects (enums, classes) count as
 * nothing, and inaccessible ones as a small object.
 */
final class Weight {
  private static final int REFERENCE = 4;
  private static final int HEADER = 12;
  private static final int SMALL_OBJECT = 40;

  /** An entry of a linked hash map, with its share of a table that is half empty. */
  private static final int ENTRY = 56;

  /** An array slot, in an array that is half empty. */
  private static final int PLACE = 2 * REFERENCE;

  /** Aggregate state is written as JSON and so is a tree; the limit ends the walk if it is not. */
  private static final int MAX_DEPTH = 32;

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private Weight() {}

  /** The bytes that {@code state} and all that it references take. */
  static long of(@Nullable Object state) {
    return of(state, 0);
  }

  private static long of(@Nullable Object value, int depth) {
    if (value == null || depth > MAX_DEPTH) {
      return 0;
    }
    return switch (value) {
      case Enum<?> _ -> 0;
      case Class<?> _ -> 0;
      case String text -> SMALL_OBJECT + text.length();
      case Map<?, ?> map -> map(map, depth);
      case Collection<?> all -> collection(all, depth);
      case Object[] all -> array(all, depth);
      default -> object(value, depth);
    };
  }

  private static long map(Map<?, ?> map, int depth) {
    long bytes = SMALL_OBJECT;
    for (var entry : map.entrySet()) {
      bytes += ENTRY + of(entry.getKey(), depth + 1) + of(entry.getValue(), depth + 1);
    }
    return bytes;
  }

  private static long collection(Collection<?> all, int depth) {
    int each = all instanceof List ? PLACE : ENTRY;
    long bytes = SMALL_OBJECT;
    for (Object one : all) {
      bytes += each + of(one, depth + 1);
    }
    return bytes;
  }

  private static long array(Object[] all, int depth) {
    long bytes = HEADER + (long) REFERENCE * (all.length + 1);
    for (Object one : all) {
      bytes += of(one, depth + 1);
    }
    return bytes;
  }

  private static long object(Object value, int depth) {
    if (value.getClass().isArray()) {
      return HEADER + REFERENCE + 8L * Array.getLength(value);
    }
    Shape shape = SHAPES.get(value.getClass());
    long bytes = shape.bytes;
    for (Field reference : shape.references) {
      bytes += of(read(reference, value), depth + 1);
    }
    return bytes;
  }

  private static @Nullable Object read(Field field, Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An object's own size by class, and its reference fields. */
  private record Shape(int bytes, List<Field> references) {
    static Shape of(Class<?> type) {
      int bytes = HEADER;
      List<Field> references = new ArrayList<>();
      for (Class<?> part = type; part != null; part = part.getSuperclass()) {
        for (Field field : part.getDeclaredFields()) {
          if (Modifier.isStatic(field.getModifiers())) {
            continue;
          }
          bytes += field.getType().isPrimitive() ? Long.BYTES : REFERENCE;
          if (!field.getType().isPrimitive()) {
            if (!field.trySetAccessible()) {
              return new Shape(SMALL_OBJECT, List.of());
            }
            references.add(field);
          }
        }
      }
      return new Shape((bytes + 7) / 8 * 8, references);
    }
  }
}
