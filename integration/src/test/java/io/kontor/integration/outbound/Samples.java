package io.kontor.integration.outbound;

import io.kontor.api.account.AccountEvent;
import io.kontor.api.datasubject.DataSubjectForgotten;
import io.kontor.api.endofday.BankDayEvent;
import io.kontor.api.endofday.ConditionsSet;
import io.kontor.api.inventory.InventoryEvent;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderEvent;
import io.kontor.api.payment.PaymentEvent;
import io.kontor.api.shipment.ShipmentEvent;
import io.kontor.api.standingorder.BusinessDayRule;
import io.kontor.api.standingorder.Rhythm;
import io.kontor.api.standingorder.Schedule;
import io.kontor.api.standingorder.StandingOrderEvent;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.TenantId;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** One of each of the bank's events, with something secret in every text. */
final class Samples {
  static final String SECRET = "s3cret";

  private Samples() {}

  /** Covers all event types, including ones added later. */
  static List<Object> ofEveryEvent() {
    return Stream.concat(
            Stream.of(
                    AccountEvent.class,
                    PaymentEvent.class,
                    OrderEvent.class,
                    InventoryEvent.class,
                    ShipmentEvent.class,
                    StandingOrderEvent.class,
                    BankDayEvent.class)
                .flatMap(stream -> Arrays.stream(stream.getPermittedSubclasses())),
            Stream.of(DataSubjectForgotten.class, ConditionsSet.class))
        .map(Samples::of)
        .toList();
  }

  private static Object of(Type type) {
    if (type instanceof ParameterizedType list) {
      return List.of(of(list.getActualTypeArguments()[0]));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      return SECRET;
    } else if (plain == SealedText.class) {
      return SealedText.inTheClear(SECRET, SECRET);
    } else if (plain == Money.class) {
      return Money.of("12.50", "EUR");
    } else if (plain == Currency.class) {
      return Currency.getInstance("EUR");
    } else if (plain == UUID.class) {
      return UUID.randomUUID();
    } else if (plain == Instant.class) {
      return Instant.parse("2026-12-31T23:00:00Z");
    } else if (plain == LocalDate.class) {
      return LocalDate.parse("2026-12-31");
    } else if (plain == Schedule.class) {
      LocalDate first = LocalDate.parse("2026-12-31");
      return new Schedule(first, Rhythm.ONCE, null, null, null, BusinessDayRule.FOLLOWING, SECRET);
    } else if (plain == TenantId.class) {
      return new TenantId("acme");
    } else if (plain == Sku.class) {
      return new Sku("MUG-1");
    } else if (plain == int.class) {
      return 3;
    } else if (plain == long.class) {
      return 7L;
    } else if (plain == boolean.class) {
      return true;
    } else if (plain.isEnum()) {
      return plain.getEnumConstants()[0];
    }
    return record(plain);
  }

  private static Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(component -> of(component.getGenericType())).toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sample of " + type, e);
    }
  }
}
