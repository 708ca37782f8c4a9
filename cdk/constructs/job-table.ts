import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { timeToLiveDefinition } from '../../shared/aws/table-definition.ts';
import { indexNames } from '../../shared/ports/store.ts';

export interface JobTableProps {
  /** Encrypts with a key of this account's own, which costs a monthly fee. Otherwise with one that DynamoDB owns. */
  readonly ownKey: boolean;
  /** Deletes the table with the stack. For trials. */
  readonly removable: boolean;
}

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITE = ['dynamodb:PutItem', 'dynamodb:DeleteItem'];

/** The one table that holds all state; its form is the store's. */
export class JobTable extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, { ownKey, removable }: JobTableProps) {
    super(scope, 'JobTable');
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    const table = new Table(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: timeToLiveDefinition('').TimeToLiveSpecification?.AttributeName ?? 'expiresAt',
      encryption: ownKey ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.DEFAULT,
      deletionProtection: !removable,
      removalPolicy: removable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    for (const indexName of indexNames) {
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: text(`${indexName}pk`),
        sortKey: text(`${indexName}sk`),
        projectionType: ProjectionType.ALL,
      });
    }
    this.table = table as ITable;
  }

  /** Lets a function read the table and its indexes. */
  grantRead(to: IGrantable): void {
    to.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: READ, resources: this.#readable() }),
    );
    this.table.encryptionKey?.grantDecrypt(to);
  }

  /** Lets a function read and commit. */
  grantCommit(to: IGrantable): void {
    this.grantRead(to);
    to.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: WRITE, resources: [this.table.tableArn] }),
    );
    this.table.encryptionKey?.grantEncryptDecrypt(to);
  }

  #readable(): string[] {
    const { tableArn } = this.table;
    return [tableArn, ...indexNames.map((name) => `${tableArn}/index/${name}`)];
  }
}
