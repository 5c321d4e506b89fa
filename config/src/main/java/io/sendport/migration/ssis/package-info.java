/** Imports packages of SQL Server Integration Services. */
@NullMarked
package io.sendport.migration.ssis;

import org.jspecify.annotations.NullMarked;
