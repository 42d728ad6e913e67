package io.kontor.app.startup;

import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Validates all settings before any bean is made: an invalid one is reported before a database is
 * started or changed.
 */
@Component
final class SettingsValidation implements BeanFactoryPostProcessor {
  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    var binder = new SettingsBinder(beans.getBean(Environment.class));
    Stream.of(beans.getBeanDefinitionNames())
        .filter(SettingsValidation::isSettings)
        .map(name -> Objects.requireNonNull(beans.getType(name)))
        .forEach(binder::bind);
  }

  /** Spring Boot names such a bean {@code <prefix>-<class>}. */
  private static boolean isSettings(String bean) {
    return bean.startsWith("kontor.") && bean.contains("-io.kontor.");
  }
}
