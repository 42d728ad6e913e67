/** What must hold before the program serves, and how a start that fails is reported. */
@NullMarked
package io.kontor.app.startup;

import org.jspecify.annotations.NullMarked;
