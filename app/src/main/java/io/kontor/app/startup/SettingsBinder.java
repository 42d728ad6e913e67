package io.kontor.app.startup;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Locale;
import java.util.Objects;
import org.hibernate.validator.HibernateValidator;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;

/** Binds and validates settings before there is an application context, or without one. */
public final class SettingsBinder {
  private final Binder binder;

  public SettingsBinder(Environment environment) {
    binder =
        Binder.get(environment, new ValidationBindHandler(new SpringValidatorAdapter(validator())));
  }

  /**
   * @param type a record with {@link ConfigurationProperties}
   * @throws BindException when a value is invalid, for {@link StartupFailureAnalyzer}
   */
  public <T> T bind(Class<T> type) {
    var settings = AnnotatedElementUtils.getMergedAnnotation(type, ConfigurationProperties.class);
    return binder.bindOrCreate(Objects.requireNonNull(settings).prefix(), type);
  }

  /** Its messages are English whatever the machine's language. */
  private static Validator validator() {
    return Validation.byProvider(HibernateValidator.class)
        .configure()
        .defaultLocale(Locale.ENGLISH)
        .buildValidatorFactory()
        .getValidator();
  }
}
