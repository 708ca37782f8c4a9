export interface SlurmSetting {
  readonly host: string;
  readonly slots: number;
  readonly folder: string;
  readonly controllerPort: number;
  readonly nodePort: number;
}

/** Where the controller writes one line for each task that has ended. */
export const ENDED_FILE = 'ended';

/**
 * A cluster of one node that does as little as it can for a task. `Epilog` is what makes it fast: without one, a task
 * as short as ours is told ended in a way that starts no scheduling, and Slurm runs one round of tasks a second.
 */
export function slurmConfig({ host, slots, folder, controllerPort, nodePort }: SlurmSetting): string {
  return `ClusterName=bench
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge.socket
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
SlurmctldDebug=error
SlurmdDebug=error
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
Epilog=/bin/true
EpilogMsgTime=0
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=${folder}/${ENDED_FILE}
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
MaxArraySize=1000001
MaxJobCount=1100000
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${slots} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}
